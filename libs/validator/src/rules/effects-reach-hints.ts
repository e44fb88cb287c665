// EFFECT201: effects decide whether a node may be repeated, cached or run early.
import { diagnostic } from '@basalt/diagnostics';
import { lookupHint } from '../hints/hint-registry.js';
import { effectsReach } from '../lattice.js';
import type { Rule } from '../rule.js';

/** The 0.1 contract, section 1, Lattices: the declared effects reach the minimum of each effect hint. */
export const effectsReachHints: Rule = {
  name: 'effects-reach-hints',
  codes: ['EFFECT201'],
  check(context) {
    for (const indexed of context.index.nodes) {
      const { alias, effects, effectHints } = indexed.node;
      for (const hint of new Set(effectHints)) {
        const minimum = lookupHint(hint)?.effects;
        if (minimum === undefined || effectsReach(effects, minimum)) continue;
        const params = { node: alias, declared: effects, hint, minimum };
        context.report(diagnostic.EFFECT201(params, context.atNode(indexed, 'effects')));
      }
    }
  },
};

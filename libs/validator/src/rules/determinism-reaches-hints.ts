// DET302 and DET301: what a node reads decides whether a replay can recompute it.
import { diagnostic } from '@basalt/diagnostics';
import { lookupHint } from '../hints/hint-registry.js';
import { determinismReaches } from '../lattice.js';
import type { Rule } from '../rule.js';

/**
 * The 0.1 contract, section 1, Lattices: the declared determinism reaches the minimum of each
 * determinism hint (DET302), and of each resource that only the effect hints name (DET301).
 */
export const determinismReachesHints: Rule = {
  name: 'determinism-reaches-hints',
  codes: ['DET302', 'DET301'],
  check(context) {
    for (const indexed of context.index.nodes) {
      const { alias, determinism, determinismHints, effectHints } = indexed.node;
      const at = context.atNode(indexed, 'determinism');
      const falls = (hint: string) => {
        const minimum = lookupHint(hint)?.determinism;
        return minimum !== undefined && !determinismReaches(determinism, minimum)
          ? minimum
          : undefined;
      };
      let told = false;
      for (const hint of new Set(determinismHints)) {
        const minimum = falls(hint);
        if (minimum === undefined) continue;
        told = true;
        const params = { node: alias, declared: determinism, hint, minimum };
        context.report(diagnostic.DET302(params, at));
      }
      const resource = told ? undefined : effectHints.find((hint) => falls(hint) !== undefined);
      if (resource === undefined) continue;
      context.report(diagnostic.DET301({ node: alias, declared: determinism, resource }, at));
    }
  },
};

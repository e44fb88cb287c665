// POL103: the policy limits what flows may do, for instance to reading.
import { diagnostic } from '@basalt/diagnostics';
import { determinismReaches, effectsReach } from '../lattice.js';
import type { Rule } from '../rule.js';

/** No node declares more than the policy's highest effects and determinism. Only with a policy. */
export const policyRanks: Rule = {
  name: 'policy-ranks',
  codes: ['POL103'],
  check(context) {
    const { policy } = context.options;
    if (policy === undefined) return;
    const { maxEffects, maxDeterminism, file } = policy;
    for (const indexed of context.index.nodes) {
      const { alias: node, effects, determinism } = indexed.node;
      if (maxEffects !== undefined && !effectsReach(maxEffects, effects)) {
        const params = { node, declared: effects, policy: file };
        context.report(diagnostic.POL103(params, context.atNode(indexed, 'effects')));
      }
      if (maxDeterminism !== undefined && !determinismReaches(maxDeterminism, determinism)) {
        const params = { node, declared: determinism, policy: file };
        context.report(diagnostic.POL103(params, context.atNode(indexed, 'determinism')));
      }
    }
  },
};

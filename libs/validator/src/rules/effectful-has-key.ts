// DAG004: after a crash or a redelivery an effectful node runs again; only a key tells the repeat apart.
import { diagnostic } from '@basalt/diagnostics';
import type { Rule } from '../rule.js';

/** The 0.1 contract, section 2, DAG004. The key "" is the whole input, and counts. */
export const effectfulHasKey: Rule = {
  name: 'effectful-has-key',
  codes: ['DAG004'],
  check(context) {
    for (const indexed of context.index.nodes) {
      const { alias, effects, idempotency } = indexed.node;
      if (effects !== 'effectful' || idempotency.key !== undefined) continue;
      context.report(diagnostic.DAG004({ node: alias }, context.atNode(indexed, 'idempotency')));
    }
  },
};

// EXACT002: without a key a repeat cannot be told from a new message.
import { diagnostic } from '@basalt/diagnostics';
import { exactlyOnceEdges } from '../exactly-once-edges.js';
import type { Rule } from '../rule.js';

/** The 0.1 contract, section 2, EXACT002: the target has an idempotency key. */
export const exactlyOnceKey: Rule = {
  name: 'exactly-once-key',
  codes: ['EXACT002'],
  check(context) {
    for (const { edge, target } of exactlyOnceEdges(context.index)) {
      if (target.node.idempotency.key !== undefined) continue;
      const { from, to } = edge.edge;
      context.report(diagnostic.EXACT002({ from, to }, context.atEdge(edge, 'delivery')));
    }
  },
};

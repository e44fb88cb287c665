// SPILL001: spilling starts when the buffer is full, so a buffer that spills states its bound.
import { diagnostic } from '@basalt/diagnostics';
import type { Rule } from '../rule.js';

/** The 0.1 contract, section 2, SPILL001. */
export const boundedSpill: Rule = {
  name: 'bounded-spill',
  codes: ['SPILL001'],
  check(context) {
    for (const indexed of context.index.edges) {
      const { from, to, buffer } = indexed.edge;
      if (buffer.spill_tier === undefined || buffer.max_items !== undefined) continue;
      const params = { from, to, tier: buffer.spill_tier };
      context.report(diagnostic.SPILL001(params, context.atEdge(indexed, 'buffer', 'spill_tier')));
    }
  },
};

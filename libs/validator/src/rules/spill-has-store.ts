// SPILL002: spilled messages are kept in the blob store, which is bound only for flows that ask for it.
import { diagnostic } from '@basalt/diagnostics';
import { capabilitiesOf } from '../hints/node-capabilities.js';
import type { Rule } from '../rule.js';

/** The 0.1 contract, section 2, SPILL002: some node of the flow has a `resource::blob` hint. */
export const spillHasStore: Rule = {
  name: 'spill-has-store',
  codes: ['SPILL002'],
  check(context) {
    const spilling = context.index.edges.filter((e) => e.edge.buffer.spill_tier !== undefined);
    if (spilling.length === 0) return;
    if (context.flow.nodes.some((node) => capabilitiesOf(node).includes('blob'))) return;
    for (const indexed of spilling) {
      const { from, to, buffer } = indexed.edge;
      const params = { from, to, tier: buffer.spill_tier! };
      context.report(diagnostic.SPILL002(params, context.atEdge(indexed, 'buffer', 'spill_tier')));
    }
  },
};

// SPILL002: spilled messages are kept in the blob store, which is bound only for flows that ask for it.
import { diagnostic } from '@basalt/diagnostics';
import { capabilitiesOf } from '../hints/node-capabilities.js';
import type { Rule } from '../rule.js';

/** What makes an edge spill: being full, or messages of that size. */
const SETTINGS = ['spill_tier', 'spill_threshold_bytes'] as const;

/** The 0.1 contract, section 2, SPILL002: some node of the flow has a `resource::blob` hint. */
export const spillHasStore: Rule = {
  name: 'spill-has-store',
  codes: ['SPILL002'],
  check(context) {
    const spilling = context.index.edges.flatMap((indexed) => {
      const setting = SETTINGS.find((name) => indexed.edge.buffer[name] !== undefined);
      return setting === undefined ? [] : [{ indexed, setting }];
    });
    if (spilling.length === 0) return;
    if (context.flow.nodes.some((node) => capabilitiesOf(node).includes('blob'))) return;
    for (const { indexed, setting } of spilling) {
      const { from, to, buffer } = indexed.edge;
      const params = { from, to, setting: `${setting} ${buffer[setting]!}` };
      context.report(diagnostic.SPILL002(params, context.atEdge(indexed, 'buffer', setting)));
    }
  },
};

// CTRL101 and CTRL102: an edge lets messages through.
import { diagnostic } from '@basalt/diagnostics';
import type { Rule } from '../rule.js';

/** The 0.1 contract, section 2: CTRL101 and CTRL102. */
export const edgeBounds: Rule = {
  name: 'edge-bounds',
  codes: ['CTRL101', 'CTRL102'],
  check({ index, atEdge, report }) {
    for (const indexed of index.edges) {
      const { from, to, timeout_ms, buffer } = indexed.edge;
      if (timeout_ms === 0) report(diagnostic.CTRL101({ from, to }, atEdge(indexed, 'timeout_ms')));
      if (buffer.max_items === 0) {
        report(diagnostic.CTRL102({ from, to }, atEdge(indexed, 'buffer', 'max_items')));
      }
    }
  },
};

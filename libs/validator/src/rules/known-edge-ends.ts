// DAG202: an edge joins two nodes of the flow.
import { diagnostic } from '@basalt/diagnostics';
import type { Rule } from '../rule.js';

/** The 0.1 contract, section 2: DAG202, once for each end that is no alias. */
export const knownEdgeEnds: Rule = {
  name: 'known-edge-ends',
  codes: ['DAG202'],
  check({ index, atEdge, didYouMean, report }) {
    for (const indexed of index.edges) {
      const { from, to } = indexed.edge;
      for (const end of ['from', 'to'] as const) {
        if (indexed[end] !== undefined) continue;
        const alias = indexed.edge[end];
        const help = didYouMean('DAG202', alias);
        report(diagnostic.DAG202({ from, to, alias }, atEdge(indexed, end), help));
      }
    }
  },
};

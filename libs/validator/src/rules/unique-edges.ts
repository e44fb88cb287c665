// DAG211: two edges between the same nodes would deliver every message twice.
import { diagnostic } from '@basalt/diagnostics';
import type { Rule } from '../rule.js';

/** Every edge after the first between two nodes. */
export const uniqueEdges: Rule = {
  name: 'unique-edges',
  codes: ['DAG211'],
  check({ index, atEdge, report }) {
    for (const indexed of index.edges) {
      const { from, to } = indexed.edge;
      const first = index.edge(from, to);
      if (first === undefined || first === indexed) continue;
      report(diagnostic.DAG211({ from, to }, atEdge(indexed)));
    }
  },
};

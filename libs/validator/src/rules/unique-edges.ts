// DAG211: two edges between the same nodes would deliver every message twice.
import { diagnostic } from '@basalt/diagnostics';
import type { Rule } from '../rule.js';

/** Every edge after the first between two nodes. */
export const uniqueEdges: Rule = {
  name: 'unique-edges',
  codes: ['DAG211'],
  check({ index, atEdge, report }) {
    for (const indexed of index.edges) {
      if (indexed.duplicateOf === undefined) continue;
      const { from, to } = indexed.edge;
      report(diagnostic.DAG211({ from, to }, atEdge(indexed)));
    }
  },
};

// DAG005: invocations that run at once cannot keep the order of their effects.
import { diagnostic } from '@basalt/diagnostics';
import type { FlowIndex, IndexedEdge } from '../flow-index.js';
import type { Rule } from '../rule.js';

/** The 0.1 contract, section 2: DAG005. Outputs of a node that runs several invocations at once are
 * put back in order, but effects are not: an effectful node with `concurrency.max` above 1 may have no
 * ordered inbound edge that lacks a partition key. */
export const concurrencyOrder: Rule = {
  name: 'concurrency-order',
  codes: ['DAG005'],
  check({ index, atNode, report }) {
    const partitioned = partitionedEdges(index);
    for (const indexed of index.nodes) {
      const { alias, effects, concurrency } = indexed.node;
      if (concurrency === undefined || concurrency.max <= 1 || effects !== 'effectful') continue;
      const bound = indexed.incoming.find((edge) => keepsOrder(edge, partitioned));
      if (bound === undefined) continue;
      const { from, to } = bound.edge;
      const problem =
        `${concurrency.max} invocations at once would reorder the effects of messages on the ` +
        `ordered edge ${from} -> ${to}, which has no partition key`;
      const at = atNode(indexed, 'concurrency', 'max');
      report(diagnostic.DAG005({ node: alias, problem }, at));
    }
  },
};

function keepsOrder(edge: IndexedEdge, partitioned: ReadonlySet<IndexedEdge>): boolean {
  const { ordering, partition_key } = edge.edge;
  return ordering === 'ordered' && !partition_key && !partitioned.has(edge);
}

function partitionedEdges(index: FlowIndex): ReadonlySet<IndexedEdge> {
  const found = new Set<IndexedEdge>();
  for (const { config } of index.surfacesOf('partition')) {
    const edge = config && index.edge(config.edge.from, config.edge.to);
    if (edge !== undefined) found.add(edge);
  }
  return found;
}

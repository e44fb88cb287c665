// IDEM020: a key that is unique within a partition says nothing where the partition is not known.
import { diagnostic } from '@basalt/diagnostics';
import type { IndexedEdge, IndexedNode } from '../flow-index.js';
import type { Rule, RuleContext } from '../rule.js';

/** The 0.1 contract, section 2, IDEM020: scope `partition` needs a key and partitioned inbound edges. */
export const partitionedKeys: Rule = {
  name: 'partitioned-keys',
  codes: ['IDEM020'],
  check(context) {
    const partitioned = new Set<IndexedEdge>();
    for (const { config } of context.index.surfacesOf('partition')) {
      const edge = config && context.index.edge(config.edge.from, config.edge.to);
      if (edge !== undefined) partitioned.add(edge);
    }
    for (const indexed of context.index.nodes) {
      if (indexed.node.idempotency.scope !== 'partition') continue;
      for (const reason of reasons(indexed, partitioned)) report(context, indexed, reason);
    }
  },
};

function reasons(indexed: IndexedNode, partitioned: ReadonlySet<IndexedEdge>): readonly string[] {
  const found = indexed.node.idempotency.key === undefined ? ['it has no key'] : [];
  const open = indexed.incoming.find(
    (edge) => edge.edge.partition_key === undefined && !partitioned.has(edge),
  );
  if (open !== undefined) found.push(`the edge from ${open.edge.from} has no partition key`);
  return found;
}

function report(context: RuleContext, indexed: IndexedNode, reason: string): void {
  const params = { node: indexed.node.alias, scope: 'partition', reason };
  context.report(diagnostic.IDEM020(params, context.atNode(indexed, 'idempotency', 'scope')));
}

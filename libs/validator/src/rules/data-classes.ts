// DATA101: a node that handles less sensitive data may log it, cache it or send it out.
import { diagnostic } from '@basalt/diagnostics';
import { DATA_CLASSES } from '@basalt/ir';
import type { IndexedEdge, IndexedNode } from '../flow-index.js';
import type { Rule, RuleContext } from '../rule.js';

/**
 * The 0.1 contract, section 2, DATA101. A node that declares a class puts out data of that class; one
 * that declares none passes on the highest class that reaches it. Each class is followed once from its
 * nodes, the highest first, so the cost is linear.
 */
export const dataClasses: Rule = {
  name: 'data-classes',
  codes: ['DATA101'],
  check(context) {
    const carried = new Set<IndexedNode>();
    for (const { data, nodes } of sourcesByClass(context)) {
      const queue: (readonly [IndexedNode, IndexedNode])[] = nodes.map((n) => [n, n]);
      for (let head = 0; head < queue.length; head += 1) {
        const [node, origin] = queue[head]!;
        for (const edge of node.outgoing) {
          const next = edge.to;
          if (next === undefined) continue;
          if (next.node.data_class !== undefined) {
            reportLower(context, origin, edge, next, data);
          } else if (!carried.has(next)) {
            carried.add(next);
            queue.push([next, origin]);
          }
        }
      }
    }
  },
};

function sourcesByClass(
  context: RuleContext,
): readonly { readonly data: string; readonly nodes: readonly IndexedNode[] }[] {
  return [...DATA_CLASSES].reverse().map((data) => ({
    data,
    nodes: context.index.nodes.filter((n) => n.node.data_class === data && !n.duplicateOf),
  }));
}

function reportLower(
  context: RuleContext,
  origin: IndexedNode,
  edge: IndexedEdge,
  target: IndexedNode,
  data: string,
): void {
  const own = target.node.data_class!;
  const rank = (name: string) => (DATA_CLASSES as readonly string[]).indexOf(name);
  if (rank(own) >= rank(data)) return;
  const params = {
    from_class: data,
    from: origin.node.alias,
    to: target.node.alias,
    to_class: own,
  };
  context.report(diagnostic.DATA101(params, context.atEdge(edge)));
}

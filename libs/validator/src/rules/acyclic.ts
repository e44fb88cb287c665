// DAG200: messages do not travel in circles, other than along the way back of a loop surface.
import { diagnostic } from '@basalt/diagnostics';
import type { FlowIndex, IndexedNode } from '../flow-index.js';
import type { Rule } from '../rule.js';

/** Nodes of a cycle that a message names; all of them are in the details. */
const NAMED = 12;

/** The 0.1 contract, section 2: DAG200, once for each separate group of nodes on common cycles; the
 * message names one shortest cycle through the group's first node. */
export const acyclic: Rule = {
  name: 'acyclic',
  codes: ['DAG200'],
  check({ index, atNode, report }) {
    for (const group of index.cycles) {
      const cycle = cycleThrough(index, group).map(({ node }) => node.alias);
      const hidden = cycle.length - NAMED;
      const shown = hidden <= 1 ? cycle : [...cycle.slice(0, NAMED), `${hidden} more`];
      const details = { cycle, nodes: group.map(({ node }) => node.alias) };
      const params = { cycle: [...shown, cycle[0]!].join(' -> ') };
      report(diagnostic.DAG200(params, atNode(group[0]!), { details }));
    }
  },
};

/** A shortest cycle that begins at the group's first node: breadth first until an edge comes back.
 * Groups do not share nodes, so all of these searches together are linear. */
function cycleThrough(index: FlowIndex, group: readonly IndexedNode[]): readonly IndexedNode[] {
  const start = group[0]!;
  const inGroup = new Set(group);
  const cameFrom = new Map<IndexedNode, IndexedNode | undefined>([[start, undefined]]);
  const queue = [start];
  for (let head = 0; head < queue.length; head += 1) {
    const node = queue[head]!;
    for (const edge of node.outgoing) {
      if (edge.to === undefined || !inGroup.has(edge.to) || index.isLoopBack(edge)) continue;
      if (edge.to === start) return pathTo(node, cameFrom);
      if (cameFrom.has(edge.to)) continue;
      cameFrom.set(edge.to, node);
      queue.push(edge.to);
    }
  }
  return [start];
}

function pathTo(
  last: IndexedNode,
  cameFrom: ReadonlyMap<IndexedNode, IndexedNode | undefined>,
): readonly IndexedNode[] {
  const path: IndexedNode[] = [];
  for (let node: IndexedNode | undefined = last; node; node = cameFrom.get(node)) path.push(node);
  return path.reverse();
}

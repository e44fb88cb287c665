// The edges that promise exactly-once delivery, with the node that has to keep the promise.
import type { FlowIndex, IndexedEdge, IndexedNode } from './flow-index.js';

/** Each exactly-once edge whose target is known. */
export function* exactlyOnceEdges(
  index: FlowIndex,
): Generator<{ readonly edge: IndexedEdge; readonly target: IndexedNode }> {
  for (const edge of index.edges) {
    if (edge.edge.delivery !== 'exactly_once' || edge.to === undefined) continue;
    yield { edge, target: edge.to };
  }
}

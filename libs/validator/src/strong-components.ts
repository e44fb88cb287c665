// Strongly connected components by Tarjan's algorithm (SIAM J. Comput. 1 (2), 1972), without
// recursion, so that a chain of any length fits on the call stack. O(V + E).

/** Calls `component` with the vertices of each component that has a cycle: two vertices or more, or
 * one with an edge to itself. Sinks come first. Returns the number of edges looked at. */
export function cyclicComponents(
  vertices: number,
  degree: (vertex: number) => number,
  successor: (vertex: number, nth: number) => number | undefined,
  component: (members: readonly number[]) => void,
): number {
  const order = new Int32Array(vertices).fill(-1);
  const low = new Int32Array(vertices);
  const next = new Int32Array(vertices);
  const onStack = new Uint8Array(vertices);
  const toSelf = new Uint8Array(vertices);
  const stack: number[] = [];
  const path: number[] = [];
  let count = 0;
  let steps = 0;

  const enter = (vertex: number): void => {
    order[vertex] = low[vertex] = count;
    count += 1;
    stack.push(vertex);
    onStack[vertex] = 1;
    path.push(vertex);
  };
  const leave = (vertex: number): void => {
    path.pop();
    const parent = path.at(-1);
    if (parent !== undefined) low[parent] = Math.min(low[parent]!, low[vertex]!);
    if (low[vertex] !== order[vertex]) return;
    const members = stack.splice(stack.lastIndexOf(vertex));
    for (const member of members) onStack[member] = 0;
    if (members.length > 1 || toSelf[vertex] === 1) component(members);
  };

  for (let root = 0; root < vertices; root += 1) {
    if (order[root] !== -1) continue;
    enter(root);
    while (path.length > 0) {
      const vertex = path.at(-1)!;
      const nth = next[vertex]!;
      if (nth === degree(vertex)) {
        leave(vertex);
        continue;
      }
      next[vertex] = nth + 1;
      steps += 1;
      const to = successor(vertex, nth);
      if (to === undefined) continue;
      if (to === vertex) toSelf[vertex] = 1;
      if (order[to] === -1) enter(to);
      else if (onStack[to] === 1) low[vertex] = Math.min(low[vertex]!, order[to]!);
    }
  }
  return steps;
}

// The first steps of a layered drawing (Sugiyama, Tagawa and Toda, 1981): turn edges that close a
// cycle around, and put every node one layer behind the last of those before it.

export interface Arc {
  readonly from: number;
  readonly to: number;
}

/** For each edge whether it points backwards: a depth-first search meets its target on its own path. */
export function backwardArcs(nodes: number, arcs: readonly Arc[]): boolean[] {
  const out = outgoing(nodes, arcs);
  const backward = new Array<boolean>(arcs.length).fill(false);
  const OPEN = 1;
  const DONE = 2;
  const state = new Uint8Array(nodes);
  const hasInput = new Uint8Array(nodes);
  for (const { to } of arcs) hasInput[to] = 1;
  // Begin where the flow begins, so that what closes a loop is the edge that leads back.
  const order = [...Array(nodes).keys()].sort((a, b) => hasInput[a]! - hasInput[b]! || a - b);
  for (const start of order) {
    if (state[start] !== 0) continue;
    const path = [{ node: start, next: 0 }];
    state[start] = OPEN;
    while (path.length > 0) {
      const top = path[path.length - 1]!;
      const arc = out[top.node]![top.next];
      if (arc === undefined) {
        state[top.node] = DONE;
        path.pop();
        continue;
      }
      top.next += 1;
      const { to } = arcs[arc]!;
      if (state[to] === OPEN) backward[arc] = true;
      else if (state[to] === 0) {
        state[to] = OPEN;
        path.push({ node: to, next: 0 });
      }
    }
  }
  return backward;
}

/** The layer of each node: the longest way to it. `arcs` has no cycle. */
export function longestPathLayers(nodes: number, arcs: readonly Arc[]): number[] {
  const out = outgoing(nodes, arcs);
  const missing = new Array<number>(nodes).fill(0);
  for (const { to } of arcs) missing[to]! += 1;
  const layer = new Array<number>(nodes).fill(0);
  const ready = [...Array(nodes).keys()].filter((node) => missing[node] === 0);
  for (let at = 0; at < ready.length; at += 1) {
    const node = ready[at]!;
    for (const arc of out[node]!) {
      const { to } = arcs[arc]!;
      layer[to] = Math.max(layer[to]!, layer[node]! + 1);
      missing[to]! -= 1;
      if (missing[to] === 0) ready.push(to);
    }
  }
  return layer;
}

function outgoing(nodes: number, arcs: readonly Arc[]): number[][] {
  const out = Array.from({ length: nodes }, (): number[] => []);
  arcs.forEach(({ from }, i) => out[from]!.push(i));
  return out;
}

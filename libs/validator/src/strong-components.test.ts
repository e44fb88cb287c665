import fc from 'fast-check';
import { cyclicComponents } from './strong-components.js';

function componentsOf(vertices: number, edges: readonly (readonly [number, number])[]) {
  const out = Array.from({ length: vertices }, (): number[] => []);
  for (const [from, to] of edges) out[from]!.push(to);
  const found: number[][] = [];
  const steps = cyclicComponents(
    vertices,
    (v) => out[v]!.length,
    (v, nth) => out[v]![nth],
    (members) => found.push([...members].sort((a, b) => a - b)),
  );
  return { found: found.sort((a, b) => a[0]! - b[0]!), steps };
}

/** Two vertices are in one component when each reaches the other: Warshall's closure. */
function byClosure(vertices: number, edges: readonly (readonly [number, number])[]): number[][] {
  const reach = Array.from({ length: vertices }, () => new Uint8Array(vertices));
  for (const [from, to] of edges) reach[from]![to] = 1;
  for (let k = 0; k < vertices; k += 1) {
    for (let i = 0; i < vertices; i += 1) {
      if (reach[i]![k] === 0) continue;
      for (let j = 0; j < vertices; j += 1) reach[i]![j]! |= reach[k]![j]!;
    }
  }
  const found: number[][] = [];
  for (let i = 0; i < vertices; i += 1) {
    if (reach[i]![i] === 0 || found.some((group) => group.includes(i))) continue;
    found.push([...Array(vertices).keys()].filter((j) => reach[i]![j]! & reach[j]![i]!));
  }
  return found;
}

describe('cyclicComponents', () => {
  it('finds what the closure finds, looking at each edge once', () => {
    const graph = fc.integer({ min: 1, max: 12 }).chain((vertices) => {
      const vertex = fc.nat(vertices - 1);
      return fc.tuple(fc.constant(vertices), fc.array(fc.tuple(vertex, vertex), { maxLength: 40 }));
    });
    fc.assert(
      fc.property(graph, ([vertices, edges]) => {
        const { found, steps } = componentsOf(vertices, edges);
        expect(found).toEqual(byClosure(vertices, edges));
        expect(steps).toBe(edges.length);
      }),
    );
  });

  it('holds for a ring of 200,000 vertices', () => {
    const n = 200_000;
    const ring = Array.from({ length: n }, (_, i) => [i, (i + 1) % n] as const);
    const { found, steps } = componentsOf(n, ring);
    expect(found.map((group) => group.length)).toEqual([n]);
    expect(steps).toBe(n);
  });
});

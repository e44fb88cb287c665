import fc from 'fast-check';
import { fastLayout } from './fast-layout.js';
import type { LayoutInput } from './graph-layout.js';

const WIDTH = 192;
const HEIGHT = 72;

function input(
  nodes: number,
  pairs: readonly (readonly [number, number])[],
  direction: 'right' | 'down' = 'right',
): LayoutInput {
  const edges = pairs.map(([from, to]) => ({ from, to, labelWidth: 0 }));
  return { width: WIDTH, height: HEIGHT, nodes, edges, direction };
}

const graph = fc
  .integer({ min: 1, max: 40 })
  .chain((nodes) =>
    fc.tuple(
      fc.constant(nodes),
      fc.array(
        fc.tuple(fc.integer({ min: 0, max: nodes - 1 }), fc.integer({ min: 0, max: nodes - 1 })),
        { maxLength: 80 },
      ),
      fc.constantFrom('right' as const, 'down' as const),
    ),
  );

describe('fastLayout', () => {
  it('draws a chain in one line', () => {
    const { nodes, edges } = fastLayout(
      input(3, [
        [0, 1],
        [1, 2],
      ]),
    );
    expect(nodes.map(({ y }) => y)).toEqual([0, 0, 0]);
    expect(nodes.map(({ x }) => x)).toEqual([0, 282, 564]);
    expect(edges[0]).toEqual([
      { x: 192, y: 36 },
      { x: 282, y: 36 },
    ]);
  });

  it('puts a fan between its ends', () => {
    const { nodes } = fastLayout(
      input(4, [
        [0, 1],
        [0, 2],
        [1, 3],
        [2, 3],
      ]),
    );
    const [start, above, below, end] = nodes as [Place, Place, Place, Place];
    expect(start.y).toBe((above.y + below.y) / 2);
    expect(end.y).toBe(start.y);
  });

  it('untangles lines that would cross', () => {
    const { nodes } = fastLayout(
      input(4, [
        [0, 3],
        [1, 2],
      ]),
    );
    expect(nodes[0]!.y < nodes[1]!.y).toBe(nodes[3]!.y < nodes[2]!.y);
  });

  it('leads a loop back without turning the flow around', () => {
    const { nodes, edges } = fastLayout(
      input(3, [
        [0, 1],
        [1, 2],
        [2, 1],
      ]),
    );
    expect(nodes.map(({ x }) => x)).toEqual([0, 282, 564]);
    expect(edges[2]![0]!.x).toBe(564);
    expect(edges[2]!.at(-1)!.x).toBe(282 + WIDTH);
  });

  it('places any graph without overlaps, inside its bounds, and ends lines at their nodes', () => {
    fc.assert(
      fc.property(graph, ([count, pairs, direction]) => {
        const layout = fastLayout(input(count, pairs, direction));
        expect(layout.nodes).toHaveLength(count);
        layout.nodes.forEach((a, i) => {
          expect(a.x >= 0 && a.y >= 0).toBe(true);
          expect(a.x + WIDTH <= layout.width && a.y + HEIGHT <= layout.height).toBe(true);
          for (const b of layout.nodes.slice(i + 1)) {
            const apart =
              Math.abs(a.x - b.x) >= WIDTH - 1e-6 || Math.abs(a.y - b.y) >= HEIGHT - 1e-6;
            expect(apart).toBe(true);
          }
        });
        pairs.forEach(([from, to], i) => {
          const line = layout.edges[i]!;
          expect(touches(layout.nodes[from]!, line[0]!)).toBe(true);
          expect(touches(layout.nodes[to]!, line.at(-1)!)).toBe(true);
        });
        expect(fastLayout(input(count, pairs, direction))).toEqual(layout);
      }),
      { numRuns: 60 },
    );
  });

  it('places 5,000 nodes', () => {
    const pairs = Array.from({ length: 4999 }, (_, i) => [Math.floor(i / 3), i + 1] as const);
    const { nodes } = fastLayout(input(5000, pairs));
    expect(new Set(nodes.map(({ x, y }) => `${x} ${y}`)).size).toBe(5000);
  });
});

type Place = { readonly x: number; readonly y: number };

function touches(box: Place, point: Place): boolean {
  const inside = (at: number, from: number, length: number) =>
    at >= from - 1e-6 && at <= from + length + 1e-6;
  return inside(point.x, box.x, WIDTH) && inside(point.y, box.y, HEIGHT);
}

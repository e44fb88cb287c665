import fc from 'fast-check';
import { backwardArcs, longestPathLayers } from './layer-assignment.js';

const arcs = (...pairs: readonly (readonly [number, number])[]) =>
  pairs.map(([from, to]) => ({ from, to }));

describe('backwardArcs', () => {
  it('finds the edge that closes a loop, not the one that leads in', () => {
    expect(backwardArcs(4, arcs([2, 1], [0, 1], [1, 2], [2, 3]))).toEqual([
      true,
      false,
      false,
      false,
    ]);
    expect(backwardArcs(1, arcs([0, 0]))).toEqual([true]);
    expect(backwardArcs(0, [])).toEqual([]);
  });

  it('leaves no cycle, so that every edge leads to a later layer', () => {
    const node = fc.integer({ min: 0, max: 19 });
    fc.assert(
      fc.property(fc.array(fc.tuple(node, node), { maxLength: 60 }), (pairs) => {
        const all = arcs(...pairs);
        const backward = backwardArcs(20, all);
        const forward = all.filter((_, i) => !backward[i]);
        const layers = longestPathLayers(20, forward);
        for (const { from, to } of forward) expect(layers[to]).toBeGreaterThan(layers[from]!);
      }),
      { numRuns: 100 },
    );
  });
});

describe('longestPathLayers', () => {
  it('puts each node behind the last of those before it', () => {
    expect(longestPathLayers(4, arcs([0, 1], [1, 2], [0, 3], [2, 3]))).toEqual([0, 1, 2, 3]);
  });
});

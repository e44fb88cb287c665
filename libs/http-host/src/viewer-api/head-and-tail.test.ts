import fc from 'fast-check';
import { HeadAndTail } from './head-and-tail.js';

describe('HeadAndTail', () => {
  it('keeps the first and the last, and tells what fell out', () => {
    const kept = new HeadAndTail<number>(2, 3);
    const displaced = [1, 2, 3, 4, 5, 6, 7].map((item) => kept.add(item));
    expect(displaced).toEqual([undefined, undefined, undefined, undefined, undefined, 3, 4]);
    expect(kept.items()).toEqual([1, 2, 5, 6, 7]);
    expect([kept.count, kept.omitted, kept.has(1), kept.has(3), kept.has(7)]).toEqual([
      7,
      2,
      true,
      false,
      true,
    ]);
  });

  it('keeps the ends of any sequence', () => {
    const size = fc.integer({ min: 0, max: 5 });
    fc.assert(
      fc.property(size, size, fc.integer({ min: 0, max: 30 }), (head, tail, count) => {
        const kept = new HeadAndTail<number>(head, tail);
        const all = Array.from({ length: count }, (_, i) => i);
        for (const item of all) kept.add(item);
        const end = Math.max(head, count - tail);
        expect(kept.items()).toEqual([...all.slice(0, head), ...all.slice(end)]);
        expect(kept.omitted).toBe(count - kept.items().length);
      }),
      { numRuns: 100 },
    );
  });
});

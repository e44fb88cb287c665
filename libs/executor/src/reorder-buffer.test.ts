import fc from 'fast-check';
import { ReorderBuffer } from './reorder-buffer.js';

describe('ReorderBuffer', () => {
  it('releases what is completed in order at once', () => {
    const buffer = new ReorderBuffer<string>();
    expect([buffer.complete(0, 'a'), buffer.complete(1, 'b'), buffer.pending]).toEqual([
      ['a'],
      ['b'],
      0,
    ]);
  });

  it('holds what comes early, and a skipped number does not block', () => {
    const buffer = new ReorderBuffer<string>(10);
    expect(buffer.complete(13, 'd')).toEqual([]);
    expect(buffer.skip(11)).toEqual([]);
    expect(buffer.pending).toBe(2);
    expect(buffer.complete(10, 'a')).toEqual(['a']);
    expect(buffer.next).toBe(12);
    expect(buffer.complete(12, 'c')).toEqual(['c', 'd']);
    expect([buffer.next, buffer.pending]).toEqual([14, 0]);
  });

  it('releases every completed number once and in order, for every permutation', () => {
    const permutation = fc
      .array(fc.boolean(), { maxLength: 60 })
      .chain((kept) =>
        fc.tuple(
          fc.constant(kept),
          fc.shuffledSubarray([...kept.keys()], { minLength: kept.length }),
        ),
      );
    fc.assert(
      fc.property(permutation, ([kept, order]) => {
        const buffer = new ReorderBuffer<number>();
        const out: number[] = [];
        for (const seq of order) {
          out.push(...(kept[seq] ? buffer.complete(seq, seq) : buffer.skip(seq)));
        }
        expect(out).toEqual([...kept.keys()].filter((seq) => kept[seq]));
        expect([buffer.pending, buffer.next]).toEqual([0, kept.length]);
      }),
    );
  });

  it.each([
    ['released', 0],
    ['held', 5],
    ['fractional', 1.5],
    ['not a number', NaN],
  ])('refuses a number that is %s', (_, seq) => {
    const buffer = new ReorderBuffer<string>();
    buffer.complete(0, 'a');
    buffer.complete(5, 'f');
    expect(() => buffer.complete(seq, 'again')).toThrow(RangeError);
    expect(() => buffer.skip(seq)).toThrow(RangeError);
  });
});

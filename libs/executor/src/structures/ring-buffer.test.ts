import fc from 'fast-check';
import { RingBuffer } from './ring-buffer.js';

type Step = { kind: 'push'; item: number } | { kind: 'shift' } | { kind: 'clear' };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.nat().map((item) => ({ kind: 'push', item }) as const) },
  { weight: 4, arbitrary: fc.constant({ kind: 'shift' } as const) },
  { weight: 1, arbitrary: fc.constant({ kind: 'clear' } as const) },
);

describe('RingBuffer', () => {
  it('behaves as an array with a bound, for every sequence of steps', () => {
    fc.assert(
      fc.property(
        fc.option(fc.integer({ min: 1, max: 20 }), { nil: Infinity }),
        fc.array(step, { maxLength: 200 }),
        (capacity, steps) => {
          const buffer = new RingBuffer<number>(capacity);
          const model: number[] = [];
          for (const s of steps) {
            if (s.kind === 'push') {
              const fits = model.length < capacity;
              expect(buffer.push(s.item)).toBe(fits);
              if (fits) model.push(s.item);
            } else if (s.kind === 'shift') {
              expect(buffer.shift()).toBe(model.shift());
            } else {
              buffer.clear();
              model.length = 0;
            }
            expect([buffer.length, buffer.peek(), buffer.isFull]).toEqual([
              model.length,
              model[0],
              model.length >= capacity,
            ]);
          }
        },
      ),
    );
  });

  it('keeps order while it grows past its first slots with a wrapped head', () => {
    const buffer = new RingBuffer<number>();
    for (let i = 0; i < 5; i += 1) buffer.push(i);
    for (let i = 0; i < 5; i += 1) buffer.shift();
    for (let i = 0; i < 3000; i += 1) buffer.push(i);
    const out: number[] = [];
    while (buffer.length > 0) out.push(buffer.shift()!);
    expect(out).toEqual(Array.from({ length: 3000 }, (_, i) => i));
    expect(buffer.push(1)).toBe(true);
    expect(buffer.peek()).toBe(1);
  });

  it('holds items that are undefined', () => {
    const buffer = new RingBuffer<undefined>(2);
    expect([buffer.push(undefined), buffer.push(undefined), buffer.push(undefined)]).toEqual([
      true,
      true,
      false,
    ]);
    expect(buffer.shift()).toBe(undefined);
    expect(buffer.length).toBe(1);
  });

  it.each([0, -1, 1.5, NaN, -Infinity, 2 ** 60])('refuses the capacity %p', (capacity) => {
    expect(() => new RingBuffer(capacity)).toThrow(RangeError);
  });
});

import fc from 'fast-check';
import { TokenBucket } from './token-bucket.js';

describe('TokenBucket', () => {
  it('gives the burst at once, then one token an interval', () => {
    const bucket = new TokenBucket(10, 3, 5000);
    expect([5000, 5000, 5000, 5000, 5000].map((t) => bucket.reserve(t))).toEqual([
      0, 0, 0, 100, 200,
    ]);
    expect(bucket.reserve(5200)).toBe(100);
  });

  it('fills up while nobody asks, but never above the burst', () => {
    const bucket = new TokenBucket(10, 2, 0);
    bucket.reserve(0);
    expect([1e6, 1e6, 1e6].map((t) => bucket.reserve(t))).toEqual([0, 0, 100]);
  });

  it('counts a jump backwards as no time, and goes on from there', () => {
    const bucket = new TokenBucket(10, 1, 10_000);
    expect(bucket.reserve(10_000)).toBe(0);
    expect(bucket.reserve(4000)).toBe(100);
    expect(bucket.reserve(4100)).toBe(100);
    expect(bucket.reserve(4300)).toBe(0);
  });

  it('gives each token as soon as no span holds more than burst + rate * time', () => {
    const arb = fc.record({
      qps: fc.double({ min: 0.1, max: 1000, noNaN: true }),
      burst: fc.integer({ min: 1, max: 20 }),
      steps: fc.array(fc.integer({ min: -500, max: 2000 }), { minLength: 1, maxLength: 80 }),
    });
    fc.assert(
      fc.property(arb, ({ qps, burst, steps }) => {
        const bucket = new TokenBucket(qps, burst, 0);
        const interval = 1000 / qps;
        const grants: number[] = [];
        let real = 0;
        let elapsed = 0;
        for (const step of steps) {
          real += step;
          elapsed += Math.max(0, step);
          const granted = elapsed + bucket.reserve(real);
          // burst + 1 tokens need at least one interval, burst + 2 need two, ...
          const due = grants.map((g, i) => g + (grants.length - i - burst + 1) * interval);
          const earliest = Math.max(
            elapsed,
            grants.at(-1) ?? 0,
            ...due.slice(0, -burst + 1 || undefined),
          );
          expect(Math.abs(granted - earliest)).toBeLessThanOrEqual(1e-6 * (1 + earliest));
          grants.push(granted);
        }
      }),
    );
  });

  it.each([
    [0, 1, 0],
    [-1, 1, 0],
    [NaN, 1, 0],
    [Infinity, 1, 0],
    [Number.MIN_VALUE, 1, 0],
    [1, 0, 0],
    [1, 1.5, 0],
    [1, 1, NaN],
  ])('refuses qps %p, burst %p, time %p', (qps, burst, now) => {
    expect(() => new TokenBucket(qps, burst, now)).toThrow(RangeError);
  });

  it('refuses a time that is no number, and is not spoilt by it', () => {
    const bucket = new TokenBucket(1, 1, 0);
    expect(() => bucket.reserve(NaN)).toThrow(RangeError);
    expect([bucket.reserve(0), bucket.reserve(0)]).toEqual([0, 1000]);
  });
});

import type { Rng } from '@basalt/capabilities';
import type { RetryPolicy } from '@basalt/ir';
import fc from 'fast-check';
import { retryDelayMs } from './retry-schedule.js';

const base: RetryPolicy = {
  max_attempts: 5,
  backoff_ms: 100,
  multiplier: 2,
  max_backoff_ms: 1000,
  jitter: 'none',
  owner: 'orchestrator',
};

/** An Rng whose next() gives `values` in turn; asking for more fails the test. */
function rngOf(...values: number[]): Rng {
  const refuse = () => {
    throw new Error('not expected');
  };
  return {
    next: () => values.shift() ?? refuse(),
    int: refuse,
    bytes: refuse,
    uuid: refuse,
  };
}

describe('retryDelayMs', () => {
  it('doubles up to the cap, and takes no random number without jitter', () => {
    const waits = [1, 2, 3, 4, 5, 6, 2000].map((n) => retryDelayMs(base, n, rngOf()));
    expect(waits).toEqual([100, 200, 400, 800, 1000, 1000, 1000]);
  });

  it('spreads a wait over [0, wait] with full jitter', () => {
    const policy = { ...base, jitter: 'full' } as const;
    const waits = [0, 0.5, 1 - 2 ** -53].map((u) => retryDelayMs(policy, 2, rngOf(u)));
    expect(waits).toEqual([0, 100, 200]);
  });

  it.each([
    ['no backoff', { backoff_ms: 0 }, 3000, 0],
    ['a cap of nothing', { max_backoff_ms: 0 }, 3, 0],
    ['a multiplier of 1', { multiplier: 1 }, 9, 100],
    ['a fraction', { multiplier: 1.5, backoff_ms: 5 }, 2, 7],
  ])('handles %s', (_, change, attempt, expected) => {
    expect(retryDelayMs({ ...base, ...change }, attempt, rngOf())).toBe(expected);
  });

  it('always gives a whole wait within the cap', () => {
    const policy = fc.record({
      max_attempts: fc.constant(3),
      backoff_ms: fc.maxSafeNat(),
      multiplier: fc.double({ min: 1, max: 1e6, noNaN: true }),
      max_backoff_ms: fc.maxSafeNat(),
      jitter: fc.constantFrom('none' as const, 'full' as const),
      owner: fc.constant('orchestrator' as const),
    });
    const unit = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(policy, fc.integer({ min: 1, max: 5000 }), unit, (p, attempt, u) => {
        const wait = retryDelayMs(p, attempt, rngOf(u));
        expect(Number.isSafeInteger(wait)).toBe(true);
        expect(wait).toBeGreaterThanOrEqual(0);
        expect(wait).toBeLessThanOrEqual(p.max_backoff_ms);
      }),
    );
  });

  it.each([0, -1, 1.5, NaN, Infinity])('refuses the attempt %p', (attempt) => {
    expect(() => retryDelayMs(base, attempt, rngOf())).toThrow(RangeError);
  });
});

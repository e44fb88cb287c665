import fc from 'fast-check';
import { RateLimiter } from './rate-limiter.js';

describe('RateLimiter', () => {
  it('allows a burst, then what flows back', () => {
    const limiter = new RateLimiter({ perSecond: 10, burst: 3 });
    expect([1, 2, 3, 4].map(() => limiter.take('a', 1000))).toEqual([
      { allowed: true, remaining: 2, retryAfterMs: 0, resetMs: 100 },
      { allowed: true, remaining: 1, retryAfterMs: 0, resetMs: 200 },
      { allowed: true, remaining: 0, retryAfterMs: 0, resetMs: 300 },
      { allowed: false, remaining: 0, retryAfterMs: 100, resetMs: 300 },
    ]);
    expect(limiter.take('a', 1099).allowed).toBe(false);
    expect(limiter.take('a', 1100)).toEqual({
      allowed: true,
      remaining: 0,
      retryAfterMs: 0,
      resetMs: 300,
    });
    expect(limiter.take('b', 1100).remaining).toBe(2);
  });

  it('does not punish who asks too often: a refused request takes no token', () => {
    const limiter = new RateLimiter({ perSecond: 1, burst: 1 });
    limiter.take('a', 0);
    for (let i = 0; i < 1000; i += 1) expect(limiter.take('a', i * 0.9).allowed).toBe(false);
    expect(limiter.take('a', 1000).allowed).toBe(true);
  });

  it('remembers no more clients than its bound, and drops those that are quiet', () => {
    const limiter = new RateLimiter({ perSecond: 1, burst: 1, maxClients: 3 });
    for (let i = 0; i < 100; i += 1) limiter.take(`c${i}`, 0);
    expect(limiter.clients).toBe(3);
    expect([limiter.take('c99', 1).allowed, limiter.take('c0', 1).allowed]).toEqual([false, true]);
    limiter.take('late', 10_000);
    limiter.take('later', 20_000);
    expect(limiter.clients).toBe(1);
  });

  it('never allows more than burst + rate * time', () => {
    const steps = fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 200 });
    const property = fc.property(steps, (pauses) => {
      const limiter = new RateLimiter({ perSecond: 20, burst: 5 });
      let now = 0;
      let allowed = 0;
      for (const pause of pauses) {
        now += pause;
        const verdict = limiter.take('a', now);
        if (verdict.allowed) allowed += 1;
        else expect(limiter.take('a', now + verdict.retryAfterMs - 0.01).allowed).toBe(false);
        expect(allowed).toBeLessThanOrEqual(5 + (now * 20) / 1000 + 1e-6);
      }
    });
    fc.assert(property, { numRuns: 100 });
  });

  it.each([
    { perSecond: 0 },
    { perSecond: -1 },
    { perSecond: NaN },
    { perSecond: Infinity },
    { perSecond: 1e-320 },
    { perSecond: 1, burst: 0 },
    { perSecond: 1, burst: 1.5 },
    { perSecond: 1, maxClients: 0 },
  ])('refuses %p', (options) => expect(() => new RateLimiter(options)).toThrow(RangeError));
});

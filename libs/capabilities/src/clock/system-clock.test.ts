import { systemClock } from './system-clock.js';

describe('systemClock', () => {
  it('reads the wall clock and sleeps', async () => {
    const clock = systemClock();
    const before = Date.now();
    await clock.sleep(5);
    await clock.sleep(-5);
    expect(clock.now()).toBeGreaterThanOrEqual(before);
  });

  it('rejects an aborted sleep with its reason, however long it was', async () => {
    const stop = new AbortController();
    const sleeps = [1e4, 2 ** 40, Infinity].map((ms) => systemClock().sleep(ms, stop.signal));
    stop.abort('enough');
    expect(await Promise.allSettled(sleeps)).toEqual(
      sleeps.map(() => ({ status: 'rejected', reason: 'enough' })),
    );
    await expect(systemClock().sleep(1, stop.signal)).rejects.toBe('enough');
  });

  it('refuses a length that is none', () => {
    expect(() => systemClock().sleep(NaN)).toThrow(RangeError);
  });
});

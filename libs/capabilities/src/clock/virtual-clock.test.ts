import fc from 'fast-check';
import { VirtualClock } from './virtual-clock.js';

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('VirtualClock', () => {
  it('wakes sleepers in order of time, then of insertion', async () => {
    const clock = new VirtualClock(1000);
    const woken: string[] = [];
    const nap = (name: string, ms: number) =>
      clock.sleep(ms).then(() => void woken.push(`${name}@${clock.now()}`));
    void nap('late', 20);
    void nap('first', 10);
    void nap('second', 10);
    void nap('past', -5);
    expect([clock.pending, clock.nextAt]).toEqual([4, 1000]);
    expect(clock.advanceToNext()).toBe(true);
    await settle();
    expect(clock.advanceToNext()).toBe(true);
    await settle();
    expect(woken).toEqual(['past@1000', 'first@1010', 'second@1010']);
    expect(clock.advanceToNext()).toBe(true);
    expect(clock.advanceToNext()).toBe(false);
    await settle();
    expect(woken.at(-1)).toBe('late@1020');
  });

  it('advances past the last sleeper, and wakes only those that are due', async () => {
    const clock = new VirtualClock();
    const woken: number[] = [];
    for (const ms of [30, 10, 20]) void clock.sleep(ms).then(() => void woken.push(ms));
    clock.advance(25);
    await settle();
    expect([woken, clock.now(), clock.pending]).toEqual([[10, 20], 25, 1]);
  });

  it('lets the woken sleep again on the way', async () => {
    const clock = new VirtualClock();
    const ticks: number[] = [];
    const ticker = (async () => {
      for (let i = 0; i < 3; i += 1) {
        await clock.sleep(10);
        ticks.push(clock.now());
      }
    })();
    await clock.advanceThrough(100);
    await ticker;
    expect([ticks, clock.now()]).toEqual([[10, 20, 30], 100]);
  });

  it('rejects an aborted sleep with its reason and forgets it', async () => {
    const clock = new VirtualClock();
    const stop = new AbortController();
    const sleeping = clock.sleep(10, stop.signal);
    const forever = clock.sleep(Infinity, stop.signal);
    stop.abort('enough');
    await expect(sleeping).rejects.toBe('enough');
    await expect(forever).rejects.toBe('enough');
    await expect(clock.sleep(1, stop.signal)).rejects.toBe('enough');
    expect([clock.pending, clock.advanceToNext()]).toEqual([0, false]);
  });

  it('keeps the order of a plain sort under any mixture of sleeps and aborts', async () => {
    const sleeps = fc.array(fc.record({ ms: fc.nat(50), abort: fc.boolean() }), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(sleeps, async (plan) => {
        const clock = new VirtualClock();
        const woken: number[] = [];
        const stops = plan.map((nap, index) => {
          const stop = new AbortController();
          clock.sleep(nap.ms, stop.signal).then(
            () => void woken.push(index),
            () => undefined,
          );
          return stop;
        });
        plan.forEach((nap, index) => nap.abort && stops[index]!.abort());
        while (clock.advanceToNext());
        await settle();
        const expected = plan
          .map((nap, index) => ({ ...nap, index }))
          .filter((nap) => !nap.abort)
          .sort((a, b) => a.ms - b.ms || a.index - b.index)
          .map((nap) => nap.index);
        expect(woken).toEqual(expected);
      }),
    );
  });

  it('refuses times that are none', () => {
    expect(() => new VirtualClock(Infinity)).toThrow(RangeError);
    expect(() => new VirtualClock().advance(-1)).toThrow(RangeError);
    expect(() => new VirtualClock().advance(NaN)).toThrow(RangeError);
    expect(() => new VirtualClock().sleep(NaN)).toThrow(RangeError);
  });
});

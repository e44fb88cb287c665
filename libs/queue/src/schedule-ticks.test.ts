import fc from 'fast-check';
import { jobOfTick, lastTick, nextTick } from './schedule-ticks.js';
import type { Schedule } from './queue-backend.js';

const job = { flow: 'f', flowName: 'n', payload: null };

/** The first ticks of a schedule after a time. */
function ticks(schedule: Omit<Schedule, 'id' | 'job'>, from: string, count: number): string[] {
  const found: string[] = [];
  let at: number | undefined = Date.parse(from);
  while (found.length < count) {
    at = nextTick({ id: 's', job, ...schedule }, at!);
    found.push(new Date(at!).toISOString());
  }
  return found;
}

describe('nextTick', () => {
  it('takes a local time that is skipped after the change, and one that comes twice once', () => {
    const nightly = { cron: '30 2 * * *', timeZone: 'Europe/Berlin' };
    expect(ticks(nightly, '2026-03-28T00:00:00Z', 3)).toEqual([
      '2026-03-28T01:30:00.000Z',
      '2026-03-29T01:00:00.000Z',
      '2026-03-30T00:30:00.000Z',
    ]);
    expect(ticks(nightly, '2026-10-24T00:00:00Z', 3)).toEqual([
      '2026-10-24T00:30:00.000Z',
      '2026-10-25T00:30:00.000Z',
      '2026-10-26T01:30:00.000Z',
    ]);
  });

  it('is in UTC without a time zone, and takes seconds', () => {
    expect(ticks({ cron: '15,45 0 12 * * *' }, '2026-01-01T00:00:00Z', 2)).toEqual([
      '2026-01-01T12:00:15.000Z',
      '2026-01-01T12:00:45.000Z',
    ]);
  });

  it('has no more ticks where there are none', () => {
    const once = { id: 's', job, cron: '0 0 31 2 *' };
    expect(nextTick(once, 0)).toBeUndefined();
  });

  it('of intervals are multiples, each after the time that is given', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1_000, max: 1e9 }), fc.nat(2e12), (everyMs, after) => {
        const tick = nextTick({ id: 's', job, everyMs }, after)!;
        expect([tick % everyMs, tick > after, tick - everyMs <= after]).toEqual([0, true, true]);
      }),
    );
  });
});

describe('lastTick', () => {
  it('is the last one that was missed', () => {
    const hourly = { id: 's', job, cron: '0 * * * *' };
    const first = Date.parse('2026-01-01T01:00:00Z');
    const at = (now: string) => new Date(lastTick(hourly, first, Date.parse(now))).toISOString();
    expect([at('2026-01-01T01:00:00Z'), at('2026-01-01T05:30:00Z')]).toEqual([
      '2026-01-01T01:00:00.000Z',
      '2026-01-01T05:00:00.000Z',
    ]);
    expect(lastTick({ id: 's', job, everyMs: 1_000 }, 5_000, 9_999)).toBe(9_000);
  });
});

it('a tick has one id', () => {
  expect(jobOfTick({ id: 'nightly', job, everyMs: 1_000 }, 0).id).toBe(
    'nightly@1970-01-01T00:00:00.000Z',
  );
});

// When a schedule fires.
import { Cron } from 'croner';
import { DiagnosticError, diagnostic } from '@basalt/diagnostics';
import { isMap } from './is-map.js';
import { admitJob } from './admit-job.js';
import { nameProblem } from './name-problem.js';
import type { NewJob } from './job.js';
import type { Schedule } from './queue-backend.js';

const LEAST_INTERVAL_MS = 1_000;
const MAX_NAME = 256;
const LONGEST_CRON = 256;
const DEFAULT_TIME_ZONE = 'UTC';

/** The first tick of a schedule after `after` (milliseconds since the epoch, exclusive); undefined
 * where there is none. The schedule must have passed `checkSchedule`. */
export function nextTick(schedule: Schedule, after: number): number | undefined {
  if (schedule.everyMs !== undefined) {
    return (Math.floor(after / schedule.everyMs) + 1) * schedule.everyMs;
  }
  return cronOf(schedule).nextRun(new Date(after))?.getTime();
}

/** The last tick in the interval from `first`, which is a tick, to `now`: what ticks that were missed
 * are made up for. */
export function lastTick(schedule: Schedule, first: number, now: number): number {
  if (schedule.everyMs !== undefined) {
    return Math.max(first, Math.floor(now / schedule.everyMs) * schedule.everyMs);
  }
  const [previous] = cronOf(schedule).previousRuns(1, new Date(now + 1));
  return Math.max(first, previous?.getTime() ?? first);
}

/** The job of a tick. Its id names schedule and tick, so that a tick makes one job only. */
export function jobOfTick(schedule: Schedule, tick: number): NewJob {
  return { ...schedule.job, id: `${schedule.id}@${new Date(tick).toISOString()}` };
}

/** @throws DiagnosticError QUE106 where the schedule cannot be kept; QUE101, QUE102 for its job. */
export function checkSchedule(schedule: Schedule, now: number, maxJobBytes?: number): void {
  const problem = problemOf(schedule, now);
  if (problem !== undefined) {
    const shown = typeof schedule?.id === 'string' ? schedule.id : 'without an id';
    throw new DiagnosticError([diagnostic.QUE106({ schedule: shown, problem })]);
  }
  admitJob(jobOfTick(schedule, now), now, maxJobBytes);
}

function problemOf(schedule: unknown, now: number): string | undefined {
  if (!isMap(schedule)) return 'it is not an object';
  const { id, cron, everyMs, timeZone, job } = schedule as unknown as Schedule;
  const name = nameProblem(id, MAX_NAME);
  if (name !== undefined) return `its id ${name}`;
  if (!isMap(job)) return 'it has no job';
  if ((cron === undefined) === (everyMs === undefined)) return 'it needs either cron or everyMs';
  if (everyMs !== undefined) {
    const fits = Number.isSafeInteger(everyMs) && everyMs >= LEAST_INTERVAL_MS;
    return fits ? undefined : `everyMs is no whole number of at least ${LEAST_INTERVAL_MS}`;
  }
  if (typeof cron !== 'string' || cron.length > LONGEST_CRON) return 'cron is no short text';
  if (timeZone !== undefined && typeof timeZone !== 'string') return 'timeZone is not a text';
  try {
    const next = cronOf(schedule as unknown as Schedule).nextRun(new Date(now));
    return next === null ? 'it would never fire' : undefined;
  } catch (error) {
    return (error as Error).message.replace(/\.$/, '');
  }
}

function cronOf({ cron, timeZone }: Schedule): Cron {
  const mode = {
    timezone: timeZone ?? DEFAULT_TIME_ZONE,
    paused: true,
    mode: '5-or-6-parts',
  } as const;
  return new Cron(cron!, mode);
}

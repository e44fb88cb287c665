// Schedules: each has the time of its next tick in an index, and whoever finds it due makes the job and
// sets the next tick in one transaction, so that no other process fires it again.
import { DiagnosticError } from '@basalt/diagnostics';
import type { Value } from '@basalt/ir';
import { admitJob } from '../admit-job.js';
import { openRecord, sealRecord } from '../job-record.js';
import type { Schedule } from '../queue-backend.js';
import { jobOfTick, lastTick, nextTick } from '../schedule-ticks.js';
import { enqueueJob } from './enqueue-jobs.js';
import { PARTS_AT, numberPart, readNumber, textPart } from './queue-keys.js';
import type { QueueTransaction } from './queue-transaction.js';

interface ScheduleRecord {
  readonly schedule: Schedule;
  /** Its next tick, and when that was worked out. */
  readonly next: number;
  readonly setAt: number;
}

/** A clock that was set back further than this was wrong before: schedules do not wait for it. */
const FAR_BACK_MS = 24 * 3_600_000;
const FIRED_AT_ONCE = 64;

/** Puts a schedule in place of the one with its id. */
export function putSchedule(tx: QueueTransaction, schedule: Schedule): void {
  const { id } = schedule;
  removeSchedule(tx, id);
  const next = nextTick(schedule, tx.now);
  if (next === undefined) return;
  const record: ScheduleRecord = { schedule: withoutUndefined(schedule), next, setAt: tx.now };
  const key = tx.keys.key('schedule', textPart(id));
  tx.put(key, sealRecord(record as unknown as Value));
  tx.put(tx.keys.key('tick', numberPart(next), textPart(id)), key);
}

export function removeSchedule(tx: QueueTransaction, id: string): boolean {
  const key = tx.keys.key('schedule', textPart(id));
  const record = readRecord(tx, key);
  if (record !== undefined) tx.remove(tx.keys.key('tick', numberPart(record.next), textPart(id)));
  return tx.remove(key);
}

export function listSchedules(tx: QueueTransaction): readonly Schedule[] {
  return tx.all('schedule').flatMap(({ value }) => decode(value)?.schedule ?? []);
}

/** When the next schedule fires; undefined where there is none. */
export function nextFiring(tx: QueueTransaction): number | undefined {
  const [entry] = tx.entries(tx.keys.range('tick'), 1);
  return entry === undefined ? undefined : readNumber(entry.key, PARTS_AT);
}

/** Makes the jobs of the schedules that are due. Ticks that were missed make one job, for the last. */
export function fireSchedules(tx: QueueTransaction, maxJobBytes: number): number {
  const due = {
    start: tx.keys.key('tick'),
    end: tx.keys.key('tick', numberPart(Math.floor(tx.now) + 1)),
  };
  let fired = 0;
  for (const { key, value } of tx.entries(due, FIRED_AT_ONCE)) {
    tx.remove(key);
    const name = Buffer.from(value);
    const record = readRecord(tx, name);
    if (record === undefined) continue;
    fire(tx, record, maxJobBytes);
    const next = nextTick(record.schedule, tx.now);
    if (next === undefined) {
      tx.remove(name);
      continue;
    }
    tx.put(name, sealRecord({ ...record, next, setAt: tx.now } as unknown as Value));
    tx.put(tx.keys.key('tick', numberPart(next), key.subarray(PARTS_AT + 8)), name);
    fired += 1;
  }
  return fired;
}

function fire(tx: QueueTransaction, { schedule, next }: ScheduleRecord, maxJobBytes: number): void {
  const tick = lastTick(schedule, next, tx.now);
  try {
    enqueueJob(tx, admitJob(jobOfTick(schedule, tick), tx.now, maxJobBytes));
  } catch (error) {
    // The limit of this queue is smaller than where the schedule was made.
    if (!(error instanceof DiagnosticError)) throw error;
  }
}

/** The clock was set back by a day or more: ticks are worked out anew. After smaller steps a schedule
 * waits until its next tick comes again, so that none fires twice. */
export function resetFarSchedules(tx: QueueTransaction): void {
  for (const { value } of tx.all('schedule')) {
    const record = decode(value);
    if (record !== undefined && record.setAt - tx.now > FAR_BACK_MS)
      putSchedule(tx, record.schedule);
  }
}

function readRecord(tx: QueueTransaction, key: Buffer): ScheduleRecord | undefined {
  const stored = tx.get(key);
  return stored && decode(stored);
}

function decode(stored: Uint8Array): ScheduleRecord | undefined {
  const opened = openRecord(stored);
  return 'problem' in opened ? undefined : (opened.value as unknown as ScheduleRecord);
}

function withoutUndefined(schedule: Schedule): Schedule {
  const keep = (given: object) =>
    Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return keep({ ...schedule, job: keep(schedule.job) }) as unknown as Schedule;
}

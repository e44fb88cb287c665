// Takes jobs in: each with its record, its place and its dedupe key, all in one transaction.
import type { AdmittedJob } from '../admit-job.js';
import { sealRecord, openRecord } from '../job-record.js';
import { DEFAULT_DEDUPE_TTL_MS, type Job } from '../job.js';
import type { Enqueued } from '../queue-backend.js';
import type { Item } from './item-record.js';
import { arrive } from './partition-line.js';
import { numberPart, textPart } from './queue-keys.js';
import type { QueueTransaction } from './queue-transaction.js';
import { encodeTicket } from './ticket.js';

/** Keys that have ended and are forgotten with each new one. */
const FORGOTTEN_AT_ONCE = 4;

export function enqueueJobs(
  tx: QueueTransaction,
  admitted: readonly AdmittedJob[],
): readonly Enqueued[] {
  return admitted.map((one) => enqueueJob(tx, one));
}

/** Takes one job in, unless its id or its dedupe key is known. */
export function enqueueJob(tx: QueueTransaction, { job, record }: AdmittedJob): Enqueued {
  const { id, dedupeKey } = job;
  const first = tx.knows(id) ? id : keptKey(tx, dedupeKey);
  if (first !== undefined) {
    tx.meta.totalDuplicates += 1;
    return { id: first, duplicate: true };
  }
  if (dedupeKey !== undefined) rememberKey(tx, job, dedupeKey);
  tx.meta.totalEnqueued += 1;
  place(tx, job, record);
  return { id, duplicate: false };
}

function place(tx: QueueTransaction, job: Job, record: Uint8Array): void {
  const { notBefore = 0 } = job;
  const delayed = notBefore > tx.now;
  const item: Item = {
    id: job.id,
    flow: job.flow,
    partition: job.partition ?? null,
    priority: job.priority,
    place: delayed ? 'delayed' : 'ready',
    seq: (tx.meta.seq += 1),
    attempts: 0,
    lost: 0,
    at: delayed ? notBefore : 0,
    since: 0,
    worker: '',
    resumed: false,
  };
  tx.add(item, record);
  if (delayed) {
    tx.meta.delayed += 1;
    tx.put(delayedKey(tx, item), encodeTicket(item));
  } else {
    tx.meta.ready += 1;
    arrive(tx, item);
  }
}

/** Where a job waits for its time. */
export function delayedKey(tx: QueueTransaction, { at, seq }: Item): Buffer {
  return tx.keys.key('delayed', numberPart(at), numberPart(seq));
}

/** The id of the job that came first with this key; undefined where the key is free. */
function keptKey(tx: QueueTransaction, key: string | undefined): string | undefined {
  if (key === undefined) return undefined;
  const record = tx.get(tx.keys.key('dedupe', textPart(key)));
  if (record === undefined) return undefined;
  const opened = openRecord(record);
  if ('problem' in opened || !Array.isArray(opened.value)) return undefined;
  const [id, until] = opened.value as [string, number];
  return until > tx.now ? id : undefined;
}

function rememberKey(tx: QueueTransaction, { id, dedupeTtlMs }: Job, dedupeKey: string): void {
  const until = Math.ceil(tx.now + (dedupeTtlMs ?? DEFAULT_DEDUPE_TTL_MS));
  const key = tx.keys.key('dedupe', textPart(dedupeKey));
  const record = sealRecord([id, until]);
  tx.put(key, record);
  const start = tx.keys.key('dedupeEnd');
  const ended = { start, end: tx.keys.key('dedupeEnd', numberPart(Math.floor(tx.now))) };
  for (const entry of tx.entries(ended, FORGOTTEN_AT_ONCE)) {
    tx.remove(entry.key);
    // The key may have been given again since; then this end is no longer its end.
    const name = Buffer.from(entry.value);
    if (untilOf(tx.get(name)) <= tx.now) tx.remove(name);
  }
  tx.put(tx.keys.key('dedupeEnd', numberPart(until), textPart(dedupeKey)), key);
}

function untilOf(record: Uint8Array | undefined): number {
  const opened = record && openRecord(record);
  if (opened === undefined || 'problem' in opened || !Array.isArray(opened.value)) return Infinity;
  return (opened.value as [string, number])[1];
}

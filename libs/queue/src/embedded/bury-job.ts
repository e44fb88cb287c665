// Puts jobs aside as dead letters, also what can no longer be read as a job.
import { hashBytes, type Value } from '@basalt/ir';
import { diagnostic } from '@basalt/diagnostics';
import { sealRecord } from '../job-record.js';
import type { DeadLetter, JobFault } from '../job.js';
import type { Item } from './item-record.js';
import { numberPart } from './queue-keys.js';
import type { QueueTransaction } from './queue-transaction.js';

/** What is kept of a dead letter beside the job itself. */
export interface DeadRecord {
  readonly id: string;
  readonly cause: DeadLetter['cause'];
  readonly attempts: number;
  readonly reason: JobFault;
  readonly diedAt: number;
  readonly raw: Uint8Array | null;
}

/** Makes a job a dead letter. It must be in no list any more. */
export function bury(
  tx: QueueTransaction,
  item: Item,
  cause: DeadLetter['cause'],
  reason: JobFault,
  raw: Uint8Array | null = null,
): void {
  const { meta, now } = tx;
  const number = (meta.deadSeq += 1);
  meta.dead += 1;
  meta.totalDead += 1;
  const { code, message } = reason;
  const record: DeadRecord = {
    id: item.id,
    cause,
    attempts: item.attempts,
    reason: { code, message },
    diedAt: now,
    raw,
  };
  tx.put(tx.keys.key('dead', numberPart(number)), sealRecord(record as unknown as Value));
  tx.putItem({ ...item, place: 'dead', at: number, since: 0, worker: '', resumed: false });
}

/** Keeps bytes that were found in the place of a job, under its id where that is known. */
export function buryUnreadable(
  tx: QueueTransaction,
  queue: string,
  raw: Uint8Array,
  problem: string,
  item?: Item,
): void {
  const id = item?.id ?? `unreadable-${tx.meta.deadSeq + 1}-${hashBytes(raw).slice(0, 16)}`;
  const { code, message } = diagnostic.QUE108({ job: id, queue, problem });
  const place = {
    id,
    flow: '',
    partition: null,
    priority: 0,
    place: 'dead',
    seq: 0,
    attempts: 0,
    lost: 0,
    at: 0,
    since: 0,
    worker: '',
    resumed: false,
  } as const;
  bury(tx, item ?? place, 'malformed', { code, message }, Uint8Array.from(raw));
}

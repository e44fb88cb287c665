// The dead letters of a queue: listing, replaying, purging.
import { isMap } from '../is-map.js';
import { decodeJob, openRecord } from '../job-record.js';
import type { DeadLetter } from '../job.js';
import type { DeadLetterPage } from '../queue-backend.js';
import type { DeadRecord } from './bury-job.js';
import { arrive } from './partition-line.js';
import { numberPart } from './queue-keys.js';
import type { QueueTransaction } from './queue-transaction.js';

const DEFAULT_PAGE = 100;

/** A page of the dead letters in the order in which they died: O(offset + limit). */
export function listDead(
  tx: QueueTransaction,
  { offset = 0, limit = DEFAULT_PAGE }: { readonly offset?: number; readonly limit?: number } = {},
): DeadLetterPage {
  const from = Math.max(0, Math.floor(offset));
  const most = Math.max(0, Math.floor(limit));
  const entries = most === 0 ? [] : tx.entries(tx.keys.range('dead'), from + most).slice(from);
  const letters = entries.map(({ value }) => letterOf(tx, value));
  return { letters, total: tx.meta.dead };
}

export function showDead(tx: QueueTransaction, id: string): DeadLetter | undefined {
  const item = tx.item(id);
  if (item === undefined || item.place !== 'dead') return undefined;
  const record = tx.get(tx.keys.key('dead', numberPart(item.at)));
  return record && letterOf(tx, record);
}

function letterOf(tx: QueueTransaction, record: Uint8Array): DeadLetter {
  const opened = openRecord(record);
  if ('problem' in opened || !isMap(opened.value)) {
    const reason = { code: 'QUE108', message: 'The record of this dead letter is damaged.' };
    const raw = Uint8Array.from(record);
    return { id: '', attempts: 0, reason, cause: 'malformed', diedAt: 0, raw };
  }
  const { id, cause, attempts, reason, diedAt, raw } = opened.value as unknown as DeadRecord;
  const body = raw === null ? tx.body(id) : undefined;
  const decoded = body && decodeJob(body);
  return {
    id,
    ...(decoded !== undefined && 'job' in decoded ? { job: decoded.job } : {}),
    attempts,
    reason,
    cause,
    diedAt,
    ...(raw === null ? {} : { raw }),
  };
}

/** Puts letters back as if they had just come; those that hold no job stay. Gives the ids. */
export function replayDead(tx: QueueTransaction, ids: readonly string[]): readonly string[] {
  const replayed: string[] = [];
  for (const id of ids) {
    const item = tx.item(id);
    if (item === undefined || item.place !== 'dead') continue;
    const body = tx.body(id);
    if (body === undefined || 'problem' in decodeJob(body)) continue;
    tx.remove(tx.keys.key('dead', numberPart(item.at)));
    const fresh = { ...item, attempts: 0, lost: 0, at: 0, seq: (tx.meta.seq += 1) };
    tx.putItem({ ...fresh, place: 'ready' });
    tx.meta.dead -= 1;
    tx.meta.ready += 1;
    arrive(tx, fresh);
    replayed.push(id);
  }
  return replayed;
}

/** Removes letters with their jobs; gives how many. */
export function purgeDead(tx: QueueTransaction, ids: readonly string[]): number {
  let purged = 0;
  for (const id of ids) {
    const item = tx.item(id);
    if (item === undefined || item.place !== 'dead') continue;
    tx.remove(tx.keys.key('dead', numberPart(item.at)));
    tx.forget(id);
    tx.meta.dead -= 1;
    purged += 1;
  }
  return purged;
}

/** The ids of up to `limit` letters after the key `from`, and the key to go on from. */
export function deadIds(
  tx: QueueTransaction,
  from: Buffer | undefined,
  limit: number,
): { readonly ids: readonly string[]; readonly last: Buffer | undefined } {
  const all = tx.keys.range('dead');
  const start = from === undefined ? all.start : Buffer.concat([from, Buffer.of(0)]);
  const entries = tx.entries({ start, end: all.end }, limit);
  const ids = entries.flatMap(({ value }) => {
    const opened = openRecord(value);
    return 'problem' in opened ? [] : [(opened.value as unknown as DeadRecord).id];
  });
  return { ids, last: entries.at(-1)?.key };
}

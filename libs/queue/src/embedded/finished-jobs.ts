// Jobs that are done stay known for a while, so that a second job with the same id is seen to be one.
// They are listed in chunks, one a transaction, and forgotten a few at a time as others are done.
import { openRecord, sealRecord } from '../job-record.js';
import { PARTS_AT, numberPart, readNumber } from './queue-keys.js';
import type { QueueTransaction } from './queue-transaction.js';

/** How long and how many finished jobs stay known. */
export interface FinishedLimits {
  readonly keepMs: number;
  readonly keep: number;
}

const CHUNK = 64;
/** Chunks that are forgotten in one transaction at most. */
const FORGOTTEN_AT_ONCE = 4;

/** Lists what was done in this transaction, and forgets what has been known for long enough. */
export function writeFinished(tx: QueueTransaction, limits: FinishedLimits): void {
  const ids = tx.done;
  if (ids.length === 0) return;
  for (let i = 0; i < ids.length; i += CHUNK) {
    const chunk = ids.slice(i, i + CHUNK);
    const number = (tx.meta.chunkSeq += 1);
    const key = tx.keys.key('finished', numberPart(Math.floor(tx.now)), numberPart(number));
    tx.put(key, sealRecord(chunk));
  }
  tx.meta.finished += ids.length;
  forget(tx, limits);
}

function forget(tx: QueueTransaction, { keepMs, keep }: FinishedLimits): void {
  for (const { key, value } of tx.entries(tx.keys.range('finished'), FORGOTTEN_AT_ONCE)) {
    const old = readNumber(key, PARTS_AT) + keepMs <= tx.now;
    if (!old && tx.meta.finished <= keep) return;
    tx.remove(key);
    const opened = openRecord(value);
    const ids = 'problem' in opened ? [] : (opened.value as string[]);
    for (const id of ids) {
      tx.forget(id);
    }
    tx.meta.finished = Math.max(0, tx.meta.finished - ids.length);
  }
}

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

/** What is remembered of the list from one transaction to the next, to look at it less often. */
export interface FinishedMemo {
  /** Nothing is old enough to be forgotten before this time. */
  nextAt: number;
}

/** Lists what was done in this transaction, and forgets what has been known for long enough. */
export function writeFinished(
  tx: QueueTransaction,
  limits: FinishedLimits,
  memo: FinishedMemo,
): void {
  const ids = tx.done;
  if (ids.length === 0) return;
  for (let i = 0; i < ids.length; i += CHUNK) {
    const chunk = ids.slice(i, i + CHUNK);
    const number = (tx.meta.chunkSeq += 1);
    const key = tx.keys.key('finished', numberPart(Math.floor(tx.now)), numberPart(number));
    tx.put(key, sealRecord(chunk));
  }
  tx.meta.finished += ids.length;
  if (tx.meta.finished > limits.keep || tx.now >= memo.nextAt) forget(tx, limits, memo);
}

/** A transaction that is undone leaves the memo as it is then: what is old is forgotten a little later. */
function forget(tx: QueueTransaction, { keepMs, keep }: FinishedLimits, memo: FinishedMemo): void {
  for (const { key, value } of tx.entries(tx.keys.range('finished'), FORGOTTEN_AT_ONCE)) {
    const oldAt = readNumber(key, PARTS_AT) + keepMs;
    if (oldAt > tx.now && tx.meta.finished <= keep) {
      memo.nextAt = oldAt;
      return;
    }
    tx.remove(key);
    const opened = openRecord(value);
    const ids = 'problem' in opened ? [] : (opened.value as string[]);
    for (const id of ids) {
      tx.forget(id);
    }
    tx.meta.finished = Math.max(0, tx.meta.finished - ids.length);
  }
}

// Makes the record of counts anew where it is damaged, from the jobs that are there. The totals since
// the queue was made are then counted from what is left.
import { decodeItem } from './item-record.js';
import { newMeta, type QueueMeta } from './queue-meta.js';
import type { QueueTransaction } from './queue-transaction.js';
import { PARTS_AT, readNumber } from './queue-keys.js';

/** The counts of a queue by a pass over its jobs: O(n). */
export function countAgain(tx: QueueTransaction): QueueMeta {
  const meta = newMeta();
  for (const { value } of tx.all('item')) {
    const item = decodeItem(value);
    if ('problem' in item) continue;
    meta.seq = Math.max(meta.seq, item.seq);
    meta.totalEnqueued += 1;
    if (item.place === 'done') {
      meta.finished += 1;
      meta.totalDone += 1;
    } else {
      meta[item.place === 'held' ? 'delayed' : item.place] += 1;
    }
  }
  meta.dead = 0;
  for (const { key } of tx.all('dead')) {
    meta.dead += 1;
    meta.totalDead += 1;
    meta.deadSeq = Math.max(meta.deadSeq, readNumber(key, PARTS_AT));
  }
  for (const { key } of tx.all('finished')) {
    meta.chunkSeq = Math.max(meta.chunkSeq, readNumber(key, PARTS_AT + 8));
  }
  meta.flowIndexed = tx.isEmpty(tx.keys.range('flow')) ? 0 : 1;
  return meta;
}

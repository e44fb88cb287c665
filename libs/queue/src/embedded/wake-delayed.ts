// Makes jobs ready whose time has come.
import { delayedKey } from './enqueue-jobs.js';
import type { Item } from './item-record.js';
import { arrive, countInPartition, open } from './partition-line.js';
import { PARTS_AT, numberPart, readNumber, type KeyRange } from './queue-keys.js';
import type { QueueTransaction } from './queue-transaction.js';
import { decodeTicket, encodeTicket } from './ticket.js';
import { buryUnreadable } from './bury-job.js';

/** So many at most are woken in one transaction. */
const WOKEN_AT_ONCE = 256;

/** Wakes what is due; gives how many. */
export function wakeDelayed(tx: QueueTransaction, queue: string): number {
  const due: KeyRange = {
    start: tx.keys.key('delayed'),
    end: tx.keys.key('delayed', numberPart(Math.floor(tx.now) + 1)),
  };
  const entries = tx.entries(due, WOKEN_AT_ONCE);
  for (const { key, value } of entries) {
    tx.remove(key);
    const ticket = decodeTicket(value);
    const item = ticket && tx.item(ticket.id);
    tx.meta[item?.place === 'parked' ? 'parked' : 'delayed'] -= 1;
    if (item === undefined) {
      buryUnreadable(tx, queue, value, 'its place among the delayed jobs is damaged');
    } else {
      wake(tx, item);
    }
  }
  return entries.length;
}

function wake(tx: QueueTransaction, item: Item): void {
  const held = item.place === 'held';
  item.place = 'ready';
  item.at = 0;
  item.since = 0;
  tx.putItem(item);
  tx.meta.ready += 1;
  if (held) {
    countInPartition(tx, item.partition, { held: -1 });
    open(tx, item);
  } else {
    arrive(tx, item);
  }
}

/** When the next delayed job is due; undefined where there is none. */
export function nextDue(tx: QueueTransaction): number | undefined {
  const [entry] = tx.entries(tx.keys.range('delayed'), 1);
  return entry === undefined ? undefined : readNumber(entry.key, PARTS_AT);
}

/** The clock was set back: delays that were set later than now begin anew, so that a wait of a second
 * does not become one of a year. Times on the wall clock (`notBefore`) stay as they are. */
export function shortenDelays(tx: QueueTransaction): void {
  for (const { key, value } of tx.all('delayed')) {
    const ticket = decodeTicket(value);
    const item = ticket && tx.item(ticket.id);
    if (item === undefined || item.since === 0 || item.since <= tx.now) continue;
    tx.remove(key);
    item.at = Math.ceil(tx.now + (item.at - item.since));
    item.since = tx.now;
    tx.putItem(item);
    tx.put(delayedKey(tx, item), encodeTicket(item));
  }
}

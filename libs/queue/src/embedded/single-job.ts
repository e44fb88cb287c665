// What is done with one job by its id: finding, resuming, removing it.
import { decodeJob } from '../job-record.js';
import type { Job } from '../job.js';
import type { JobState } from '../queue-backend.js';
import { purgeDead } from './dead-letters.js';
import { delayedKey } from './enqueue-jobs.js';
import type { Item, Place } from './item-record.js';
import { arrive, countInPartition, leaveLine, moveUp, unopen } from './partition-line.js';
import type { QueueTransaction } from './queue-transaction.js';

const STATES: Readonly<Record<Place, JobState>> = {
  ready: 'ready',
  delayed: 'delayed',
  held: 'delayed',
  active: 'active',
  parked: 'parked',
  dead: 'dead',
  done: 'done',
};

export function findJob(
  tx: QueueTransaction,
  id: string,
): { readonly job: Job; readonly state: JobState } | undefined {
  const item = tx.item(id);
  const body = item && tx.body(id);
  const decoded = body && decodeJob(body);
  if (item === undefined || decoded === undefined || 'problem' in decoded) return undefined;
  return { job: decoded.job, state: STATES[item.place] };
}

/** Lets a parked job be delivered again. One that is active is delivered again once it is parked. */
export function resumeJob(tx: QueueTransaction, id: string): boolean {
  const item = tx.item(id);
  if (item?.place === 'active') {
    if (!item.resumed) tx.putItem({ ...item, resumed: true });
    return true;
  }
  if (item?.place !== 'parked') return false;
  if (item.at > 0) tx.remove(delayedKey(tx, item));
  tx.putItem({ ...item, place: 'ready', at: 0 });
  tx.meta.parked -= 1;
  tx.meta.ready += 1;
  arrive(tx, item);
  return true;
}

/** Takes a job out that is not active; false where there is none, or it is done. */
export function removeJob(tx: QueueTransaction, id: string): boolean {
  const item = tx.item(id);
  if (item === undefined || item.place === 'active' || item.place === 'done') return false;
  if (item.place === 'dead') return purgeDead(tx, [id]) === 1;
  leaveLists(tx, item);
  tx.forget(id);
  moveUp(tx, item.partition);
  return true;
}

function leaveLists(tx: QueueTransaction, item: Item): void {
  switch (item.place) {
    case 'ready':
      if (!leaveLine(tx, item)) unopen(tx, item);
      tx.meta.ready -= 1;
      return;
    case 'held':
    case 'delayed':
      if (item.place === 'held') countInPartition(tx, item.partition, { held: -1 });
      tx.remove(delayedKey(tx, item));
      tx.meta.delayed -= 1;
      return;
    default:
      if (item.at > 0) tx.remove(delayedKey(tx, item));
      tx.meta.parked -= 1;
  }
}

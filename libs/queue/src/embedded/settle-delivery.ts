// What becomes of a job when its delivery has ended, or its worker is gone.
import { diagnostic } from '@basalt/diagnostics';
import { decodeJob } from '../job-record.js';
import {
  DEFAULT_BACKOFF,
  DEFAULT_MAX_ATTEMPTS,
  type DeliveryOutcome,
  type Job,
  type JobFault,
} from '../job.js';
import { retryDelay } from '../retry-delay.js';
import { bury } from './bury-job.js';
import { delayedKey } from './enqueue-jobs.js';
import type { Item } from './item-record.js';
import { countInPartition, moveUp, open } from './partition-line.js';
import { textPart } from './queue-keys.js';
import type { QueueTransaction } from './queue-transaction.js';
import { activeKey, type Taken } from './take-jobs.js';
import { decodeTicket, encodeTicket } from './ticket.js';

/** Settles a delivery of a worker. False where the worker does not hold the job any more; then nothing
 * is changed. */
export function settleDelivery(
  tx: QueueTransaction,
  worker: string,
  taken: Taken,
  outcome: DeliveryOutcome,
): boolean {
  const { job, attempt, seq } = taken;
  tx.released.add(taken);
  const item = tx.item(job.id, seq);
  const held =
    item !== undefined &&
    item.place === 'active' &&
    item.worker === worker &&
    item.seq === seq &&
    item.attempts === attempt;
  if (!held) return false;
  leaveActive(tx, item, worker);
  switch (outcome.kind) {
    case 'done':
      finish(tx, item);
      break;
    case 'retry':
      retry(tx, item, job, outcome);
      break;
    case 'dead':
      bury(tx, item, 'rejected', outcome.reason);
      break;
    case 'parked':
      park(tx, item, outcome.until);
      break;
    default:
      outcome satisfies never;
  }
  moveUp(tx, item.partition);
  return true;
}

function leaveActive(tx: QueueTransaction, item: Item, worker: string): void {
  tx.remove(activeKey(tx, worker, item.seq));
  tx.meta.active -= 1;
  countInPartition(tx, item.partition, { active: -1 });
  item.worker = '';
}

function finish(tx: QueueTransaction, item: Item): void {
  tx.meta.totalDone += 1;
  item.place = 'done';
  tx.putItem(item);
  tx.done.push(item.id);
}

function retry(
  tx: QueueTransaction,
  item: Item,
  job: Job,
  { reason, delayMs, countsAttempt = true }: DeliveryOutcome & { readonly kind: 'retry' },
): void {
  if (!countsAttempt) {
    item.attempts -= 1;
    putBack(tx, item, delayMs ?? 0);
    return;
  }
  if (item.attempts >= job.maxAttempts) {
    bury(tx, item, 'exhausted', reason);
    return;
  }
  tx.meta.totalRetried += 1;
  putBack(tx, item, delayMs ?? retryDelay(job.backoff, item.attempts, tx.chance()));
}

/** Puts a job back at its old place, at once or after a delay, during which it holds its partition. */
function putBack(tx: QueueTransaction, item: Item, delayMs: number): void {
  item.resumed = false;
  if (!(delayMs > 0)) {
    item.place = 'ready';
    item.at = 0;
    item.since = 0;
    tx.putItem(item);
    tx.meta.ready += 1;
    open(tx, item);
    return;
  }
  item.place = 'held';
  item.at = Math.ceil(tx.now + delayMs);
  item.since = tx.now;
  tx.putItem(item);
  tx.meta.delayed += 1;
  countInPartition(tx, item.partition, { held: 1 });
  tx.put(delayedKey(tx, item), encodeTicket(item));
}

/** A parked delivery is no failed one, so it uses no attempt. */
function park(tx: QueueTransaction, item: Item, until: number | undefined): void {
  item.attempts -= 1;
  if (item.resumed || (until !== undefined && until <= tx.now)) {
    putBack(tx, item, 0);
    return;
  }
  item.place = 'parked';
  item.at = until === undefined ? 0 : Math.ceil(until);
  tx.putItem(item);
  tx.meta.parked += 1;
  if (item.at > 0) tx.put(delayedKey(tx, item), encodeTicket(item));
}

/** Gives the jobs of a lost worker to others. Each loss is a failed attempt. */
export function recoverDeliveries(tx: QueueTransaction, worker: string): number {
  const entries = tx.entries(tx.keys.range('active', textPart(worker)));
  for (const { key, value } of entries) {
    const ticket = decodeTicket(value);
    const item = ticket && tx.item(ticket.id, ticket.seq);
    if (item === undefined || item.place !== 'active' || item.worker !== worker) {
      tx.remove(key);
      tx.meta.active = Math.max(0, tx.meta.active - 1);
      continue;
    }
    leaveActive(tx, item, worker);
    recover(tx, item);
    moveUp(tx, item.partition);
  }
  return entries.length;
}

function recover(tx: QueueTransaction, item: Item): void {
  item.lost += 1;
  const body = tx.body(item.id);
  const decoded = body && decodeJob(body);
  const job = decoded !== undefined && 'job' in decoded ? decoded.job : undefined;
  if (item.attempts >= (job?.maxAttempts ?? DEFAULT_MAX_ATTEMPTS)) {
    bury(tx, item, item.lost === item.attempts ? 'poison' : 'exhausted', lostFault(item));
    return;
  }
  tx.meta.totalRetried += 1;
  // The first loss may be the machine's fault; from the second on it may be the job's.
  const backoff = job?.backoff ?? DEFAULT_BACKOFF;
  putBack(tx, item, item.lost === 1 ? 0 : retryDelay(backoff, item.attempts, tx.chance()));
}

function lostFault({ attempts }: Item): JobFault {
  const { code, message } = diagnostic.QUE107({ attempt: attempts });
  return { code, message };
}

// The workers of a queue, over all processes: who they are, and whether they are alive. A worker shows a
// sign of life by counting up its beat; whoever looks at it times the beats by a clock of its own that
// no one can set, so that wrong wall clocks take no delivery away.
import { isMap } from '../is-map.js';
import { openRecord, sealRecord } from '../job-record.js';
import { moveUp } from './partition-line.js';
import { PARTS_AT, textPart } from './queue-keys.js';
import type { QueueTransaction } from './queue-transaction.js';
import { recoverDeliveries } from './settle-delivery.js';

export interface WorkerRecord {
  readonly token: string;
  readonly id: string;
  readonly concurrency: number;
  readonly perKey: number;
  readonly visibilityMs: number;
  /** Names the process, see `processIdentity`. */
  readonly process: string;
  readonly beat: number;
}

/** Makes a worker known. */
export function registerWorker(tx: QueueTransaction, record: WorkerRecord): void {
  put(tx, record);
  if (record.perKey > tx.meta.perKey) {
    tx.meta.perKey = record.perKey;
    for (const partition of waitingPartitions(tx)) moveUp(tx, partition);
  }
}

/** Shows a sign of life; false where the worker has been given up and its deliveries are others'. */
export function beat(tx: QueueTransaction, token: string): boolean {
  const record = readWorker(tx, token);
  if (record === undefined) return false;
  put(tx, { ...record, beat: record.beat + 1 });
  return true;
}

/** Takes a worker away. What it still holds is lost by it, and given to others. */
export function dropWorker(tx: QueueTransaction, token: string): number {
  tx.remove(workerKey(tx, token));
  const lost = recoverDeliveries(tx, token);
  tx.meta.perKey = Math.max(1, ...workers(tx).map(({ perKey }) => perKey));
  return lost;
}

/** Takes a worker away whose beat is still the one that was seen. */
export function dropSilentWorker(tx: QueueTransaction, token: string, seen: number): number {
  const record = readWorker(tx, token);
  return record !== undefined && record.beat === seen ? dropWorker(tx, token) : 0;
}

/** Every worker whose record can be read; damaged records are no worker. */
export function workers(tx: QueueTransaction): readonly WorkerRecord[] {
  return tx.all('worker').flatMap(({ value }) => decode(value) ?? []);
}

/** Deliveries that a worker has now. */
export function activeOf(tx: QueueTransaction, token: string): number {
  return tx.count(tx.keys.range('active', textPart(token)));
}

/** Deliveries of workers that have no record: theirs was damaged or removed. */
export function recoverOrphans(tx: QueueTransaction): number {
  let recovered = 0;
  const known = new Set(workers(tx).map(({ token }) => token));
  for (const { key } of tx.all('active')) {
    const length = key[PARTS_AT]!;
    const token = key.subarray(PARTS_AT + 1, PARTS_AT + 1 + length).toString('utf8');
    if (!known.has(token)) recovered += recoverDeliveries(tx, token);
  }
  return recovered;
}

function waitingPartitions(tx: QueueTransaction): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { value } of tx.all('line')) {
    const opened = openRecord(value);
    if ('problem' in opened || !Array.isArray(opened.value)) continue;
    const [, , partition] = opened.value as [string, string, string];
    found.add(partition);
  }
  return found;
}

function readWorker(tx: QueueTransaction, token: string): WorkerRecord | undefined {
  const record = tx.get(workerKey(tx, token));
  return record && decode(record);
}

function put(tx: QueueTransaction, record: WorkerRecord): void {
  tx.put(workerKey(tx, record.token), sealRecord({ ...record }));
}

function decode(record: Uint8Array): WorkerRecord | undefined {
  const opened = openRecord(record);
  if ('problem' in opened || !isMap(opened.value)) return undefined;
  return opened.value as unknown as WorkerRecord;
}

function workerKey(tx: QueueTransaction, token: string): Buffer {
  return tx.keys.key('worker', textPart(token));
}

// First-in first-out queues in a disk store. A message's key is its queue, then a number that grows
// while the queue is not empty; taking the oldest and removing it is one transaction.
import { MAX_VALUE_BYTES, checkKey, checkValue } from '../capability-arguments.js';
import type { QueueStore } from '../capability-set.js';
import type { DiskStore } from './disk-store.js';
import type { Table } from './table-store.js';
import { storedKey } from './stored-key.js';

export interface DiskQueueOptions {
  /** Largest message in bytes; 64 MiB by default. */
  readonly maxValueBytes?: number;
}

const NUMBER_BYTES = 8;

/** Length, then the name: no queue's keys begin with another's. */
function keyPrefix(queue: string): Buffer {
  const name = storedKey(queue);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(name.byteLength);
  return Buffer.concat([length, name]);
}

function messageKey(prefix: Buffer, number: bigint): Buffer {
  const suffix = Buffer.alloc(NUMBER_BYTES);
  suffix.writeBigUInt64BE(number);
  return Buffer.concat([prefix, suffix]);
}

function bounds(prefix: Buffer) {
  return { start: messageKey(prefix, 0n), end: messageKey(prefix, 2n ** 64n - 1n) };
}

/** The number that follows the youngest message; 0 for an empty queue. */
function nextNumber(table: Table, prefix: Buffer): bigint {
  const { start, end } = bounds(prefix);
  for (const key of table.getKeys({ start: end, end: start, reverse: true, limit: 1 })) {
    return Buffer.from(key).readBigUInt64BE(prefix.byteLength) + 1n;
  }
  // The range backwards leaves its end out: the message with number 0.
  return table.doesExist(start) ? 1n : 0n;
}

/** The queues of a store. A message that was enqueued is on disk; one that was dequeued is gone. */
export function diskQueue(store: DiskStore, options: DiskQueueOptions = {}): QueueStore {
  const limit = options.maxValueBytes ?? MAX_VALUE_BYTES;
  return {
    async enqueue(queue, message) {
      checkKey('queue.enqueue', queue, 'queue name');
      checkValue('queue.enqueue', 'queue.disk', message, limit);
      const prefix = keyPrefix(queue);
      // One byte ahead of the message, for later forms of it, keeps empty messages from being empty values.
      const record = Buffer.concat([Buffer.of(0), message]);
      await store.write('queue.enqueue', 'queue', record.byteLength, (table) => {
        table.putSync(messageKey(prefix, nextNumber(table, prefix)), record);
      });
    },
    async dequeue(queue) {
      checkKey('queue.dequeue', queue, 'queue name');
      return store.write('queue.dequeue', 'queue', 0, (table) => {
        for (const { key, value } of table.getRange({ ...bounds(keyPrefix(queue)), limit: 1 })) {
          const message = new Uint8Array(value.subarray(1));
          table.removeSync(Buffer.from(key));
          return message;
        }
        return undefined;
      });
    },
    /** Counts the messages: O(size). */
    async size(queue) {
      checkKey('queue.size', queue, 'queue name');
      return store.read('queue.size', 'queue', (table) =>
        table.getKeysCount(bounds(keyPrefix(queue))),
      );
    },
  };
}

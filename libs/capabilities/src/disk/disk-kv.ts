// Keys and values in a disk store.
import { MAX_VALUE_BYTES, checkKey, checkValue, expiryAt } from '../capability-arguments.js';
import type { Clock, KeyValueStore } from '../capability-set.js';
import { systemClock } from '../clock/system-clock.js';
import type { DiskStore } from './disk-store.js';
import { readRecord, recordOf, sweepCursor, sweepSome } from './expiring-table.js';
import { storedKey } from './stored-key.js';

export interface DiskKvOptions {
  /** Times to live are read from it; the system clock by default. */
  readonly clock?: Clock;
  /** Largest value in bytes; 64 MiB by default. */
  readonly maxValueBytes?: number;
}

/** The key-value table of a store. A write that has resolved is on disk. */
export function diskKv(store: DiskStore, options: DiskKvOptions = {}): KeyValueStore {
  const clock = options.clock ?? systemClock();
  const limit = options.maxValueBytes ?? MAX_VALUE_BYTES;
  const cursor = store.shared('kv sweep', sweepCursor);
  return {
    async get(key) {
      checkKey('kv.get', key);
      return store.read('kv.get', 'kv', (table) => readRecord(table, storedKey(key), clock.now()));
    },
    async put(key, value, { ttlMs } = {}) {
      checkKey('kv.put', key);
      checkValue('kv.put', 'kv.disk', value, limit);
      const record = recordOf(value, expiryAt('kv.put', clock.now(), ttlMs));
      await store.write('kv.put', 'kv', record.byteLength, (table) => {
        sweepSome(table, cursor, clock.now());
        table.putSync(storedKey(key), record);
      });
    },
    async delete(key) {
      checkKey('kv.delete', key);
      return store.write('kv.delete', 'kv', 0, (table) => {
        const there = readRecord(table, storedKey(key), clock.now()) !== undefined;
        table.removeSync(storedKey(key));
        return there;
      });
    },
  };
}

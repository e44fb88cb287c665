// Keys and values in this process, gone when it ends.
import type { Clock, KeyValueStore } from '../capability-set.js';
import { MAX_VALUE_BYTES, checkKey, checkValue, expiryAt } from '../capability-arguments.js';
import { systemClock } from '../clock/system-clock.js';
import { ExpiringMap } from './expiring-map.js';

export interface MemoryKvOptions {
  /** Times to live are read from it; the system clock by default. */
  readonly clock?: Clock;
  /** Largest value in bytes; 64 MiB by default. */
  readonly maxValueBytes?: number;
}

/** A key-value store in memory. Values are copied on the way in and on the way out. */
export function memoryKv(options: MemoryKvOptions = {}): KeyValueStore {
  const clock = options.clock ?? systemClock();
  const limit = options.maxValueBytes ?? MAX_VALUE_BYTES;
  const entries = new ExpiringMap<Uint8Array>(clock);
  return {
    async get(key) {
      checkKey('kv.get', key);
      return entries.get(key)?.slice();
    },
    async put(key, value, { ttlMs } = {}) {
      checkKey('kv.put', key);
      checkValue('kv.put', 'kv.memory', value, limit);
      entries.set(key, new Uint8Array(value), expiryAt('kv.put', clock.now(), ttlMs));
    },
    async delete(key) {
      checkKey('kv.delete', key);
      return entries.delete(key);
    },
  };
}

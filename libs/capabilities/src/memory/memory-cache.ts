// A bounded cache in this process: what was used least recently goes first.
import { cacheCost, type CacheBounds } from '../cache-bounds.js';
import { MAX_VALUE_BYTES, checkKey, checkValue, expiryAt } from '../capability-arguments.js';
import type { CacheStore, Clock } from '../capability-set.js';
import { systemClock } from '../clock/system-clock.js';
import { LruIndex } from './lru-index.js';

export interface MemoryCacheOptions extends CacheBounds {
  /** Times to live are read from it; the system clock by default. */
  readonly clock?: Clock;
}

/** An LRU cache in memory. A value that exceeds the bounds by itself is not kept, and that is no
 * error: a cache may forget at any time. */
export function memoryCache(options: MemoryCacheOptions = {}): CacheStore {
  const clock = options.clock ?? systemClock();
  const order = new LruIndex(options);
  const entries = new Map<string, { readonly value: Uint8Array; readonly endsAt: number }>();
  const drop = (key: string) => {
    entries.delete(key);
    order.remove(key);
  };
  return {
    async get(key) {
      checkKey('cache.get', key);
      const entry = entries.get(key);
      if (entry === undefined) return undefined;
      if (entry.endsAt <= clock.now()) {
        drop(key);
        return undefined;
      }
      order.touch(key);
      return entry.value.slice();
    },
    async set(key, value, { ttlMs } = {}) {
      checkKey('cache.set', key);
      checkValue('cache.set', 'cache.memory', value, MAX_VALUE_BYTES);
      const endsAt = expiryAt('cache.set', clock.now(), ttlMs);
      const cost = cacheCost(key, value.byteLength);
      drop(key);
      if (!order.fits(cost)) return;
      entries.set(key, { value: new Uint8Array(value), endsAt });
      for (const gone of order.add(key, cost)) entries.delete(gone);
    },
    async remove(key) {
      checkKey('cache.remove', key);
      drop(key);
    },
  };
}

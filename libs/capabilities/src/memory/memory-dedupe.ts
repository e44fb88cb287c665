// Remembered keys in this process, gone when it ends.
import type { Clock, DedupeStore } from '../capability-set.js';
import { checkKey, expiryAt } from '../capability-arguments.js';
import { systemClock } from '../clock/system-clock.js';
import { ExpiringMap } from './expiring-map.js';

export interface MemoryDedupeOptions {
  /** Times to live are read from it; the system clock by default. */
  readonly clock?: Clock;
}

/** A dedupe store in memory; atomic, since nothing runs between its look and its write. */
export function memoryDedupe(options: MemoryDedupeOptions = {}): DedupeStore {
  const clock = options.clock ?? systemClock();
  const seen = new ExpiringMap<true>(clock);
  return {
    async putIfAbsent(key, ttlMs) {
      checkKey('dedupe.putIfAbsent', key);
      const endsAt = expiryAt('dedupe.putIfAbsent', clock.now(), ttlMs);
      if (seen.get(key) !== undefined) return false;
      seen.set(key, true, endsAt);
      return true;
    },
    async forget(key) {
      checkKey('dedupe.forget', key);
      seen.delete(key);
    },
  };
}

// Remembered keys in a disk store. The look and the write are one transaction, so the answer holds
// for every process that shares the folder.
import { checkKey, expiryAt } from '../capability-arguments.js';
import type { Clock, DedupeStore } from '../capability-set.js';
import { systemClock } from '../clock/system-clock.js';
import type { DiskStore } from './disk-store.js';
import { readRecord, recordOf, sweepCursor, sweepSome } from './expiring-table.js';
import { storedKey } from './stored-key.js';

export interface DiskDedupeOptions {
  /** Times to live are read from it; the system clock by default. */
  readonly clock?: Clock;
}

const NOTHING = new Uint8Array(0);

/** The dedupe table of a store. True means that the key is remembered on disk. */
export function diskDedupe(store: DiskStore, options: DiskDedupeOptions = {}): DedupeStore {
  const clock = options.clock ?? systemClock();
  const cursor = store.shared('dedupe sweep', sweepCursor);
  return {
    async putIfAbsent(key, ttlMs) {
      checkKey('dedupe.putIfAbsent', key);
      const record = recordOf(NOTHING, expiryAt('dedupe.putIfAbsent', clock.now(), ttlMs));
      const stored = storedKey(key);
      return store.write('dedupe.putIfAbsent', 'dedupe', stored.byteLength, (table) => {
        if (readRecord(table, stored, clock.now()) !== undefined) return false;
        sweepSome(table, cursor, clock.now());
        table.putSync(stored, record);
        return true;
      });
    },
    async forget(key) {
      checkKey('dedupe.forget', key);
      await store.write('dedupe.forget', 'dedupe', 0, (table) => table.removeSync(storedKey(key)));
    },
  };
}

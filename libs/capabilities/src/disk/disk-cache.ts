// A bounded cache in a disk store. The order of use is kept in memory: a read costs no write, and
// after reopening the order is that of the last writes.
import { cacheCost, type CacheBounds } from '../cache-bounds.js';
import { MAX_VALUE_BYTES, checkKey, checkValue, expiryAt } from '../capability-arguments.js';
import type { CacheStore, Clock } from '../capability-set.js';
import { systemClock } from '../clock/system-clock.js';
import { LruIndex } from '../memory/lru-index.js';
import type { DiskStore } from './disk-store.js';
import type { Table } from './table-store.js';
import { storedKey } from './stored-key.js';

export interface DiskCacheOptions extends CacheBounds {
  /** Times to live are read from it; the system clock by default. */
  readonly clock?: Clock;
}

/** A record is three float64, little-endian, then the value: end time, number of its write, cost. */
const HEADER_BYTES = 24;

interface CacheState {
  readonly order: LruIndex;
  nextWrite: number;
}

/** Names a stored key in the index: one character a byte. */
const indexName = (key: Buffer) => key.toString('latin1');

/** Reads the order of writes back, and removes what no longer fits or has ended. */
function loadState(table: Table, bounds: CacheBounds, now: number): CacheState {
  const state: CacheState = { order: new LruIndex(bounds), nextWrite: 0 };
  const found: { key: string; write: number; cost: number }[] = [];
  const gone: string[] = [];
  for (const { key, value } of table.getRange({})) {
    const name = indexName(Buffer.from(key));
    if (value.readDoubleLE(0) <= now) gone.push(name);
    else found.push({ key: name, write: value.readDoubleLE(8), cost: value.readDoubleLE(16) });
  }
  found.sort((a, b) => a.write - b.write);
  for (const { key, cost } of found) gone.push(...state.order.add(key, cost));
  for (const name of gone) table.removeSync(Buffer.from(name, 'latin1'));
  state.nextWrite = (found.at(-1)?.write ?? -1) + 1;
  return state;
}

/** The cache of a store. The first opener of the folder in this process sets the bounds. A value that
 * exceeds them by itself is not kept, and that is no error: a cache may forget at any time. */
export async function diskCache(
  store: DiskStore,
  options: DiskCacheOptions = {},
): Promise<CacheStore> {
  const clock = options.clock ?? systemClock();
  const state = await store.write('cache.open', 'cache', 0, (table) =>
    store.shared('cache', () => loadState(table, options, clock.now())),
  );
  const drop = (table: Table, stored: Buffer) => {
    state.order.remove(indexName(stored));
    table.removeSync(stored);
  };
  return {
    async get(key) {
      checkKey('cache.get', key);
      const stored = storedKey(key);
      return store.read('cache.get', 'cache', (table) => {
        const record = table.get(stored);
        if (record === undefined || record.readDoubleLE(0) <= clock.now()) return undefined;
        state.order.touch(indexName(stored));
        return new Uint8Array(record.subarray(HEADER_BYTES));
      });
    },
    async set(key, value, { ttlMs } = {}) {
      checkKey('cache.set', key);
      checkValue('cache.set', 'cache.disk', value, MAX_VALUE_BYTES);
      const endsAt = expiryAt('cache.set', clock.now(), ttlMs);
      const cost = cacheCost(key, value.byteLength);
      const record = Buffer.alloc(HEADER_BYTES + value.byteLength);
      record.set(value, HEADER_BYTES);
      const stored = storedKey(key);
      await store.write('cache.set', 'cache', record.byteLength, (table) => {
        drop(table, stored);
        if (!state.order.fits(cost)) return;
        record.writeDoubleLE(endsAt, 0);
        record.writeDoubleLE(state.nextWrite, 8);
        record.writeDoubleLE(cost, 16);
        state.nextWrite += 1;
        table.putSync(stored, record);
        for (const gone of state.order.add(indexName(stored), cost)) {
          table.removeSync(Buffer.from(gone, 'latin1'));
        }
      });
    },
    async remove(key) {
      checkKey('cache.remove', key);
      await store.write('cache.remove', 'cache', 0, (table) => drop(table, storedKey(key)));
    },
  };
}

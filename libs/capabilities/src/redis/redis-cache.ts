// A cache in Redis. How much it holds, and what it forgets first, the server's `maxmemory` and
// `maxmemory-policy` say.
import { MAX_VALUE_BYTES, checkKey, checkValue } from '../capability-arguments.js';
import type { CacheStore } from '../capability-set.js';
import { redisTtl } from './redis-expiry.js';
import type { RedisStore } from './redis-store.js';

export interface RedisCacheOptions {
  /** Largest value in bytes; 64 MiB by default. */
  readonly maxValueBytes?: number;
}

/** The cache of a store, shared by every process that uses the server with the same prefix. */
export function redisCache(store: RedisStore, options: RedisCacheOptions = {}): CacheStore {
  const limit = options.maxValueBytes ?? MAX_VALUE_BYTES;
  return {
    async get(key) {
      checkKey('cache.get', key);
      const name = store.key('cache', key);
      const found = await store.ask('cache.get', (client) => client.getBuffer(name));
      return found === null ? undefined : new Uint8Array(found);
    },
    async set(key, value, { ttlMs } = {}) {
      checkKey('cache.set', key);
      checkValue('cache.set', 'cache.redis', value, limit);
      const ttl = redisTtl('cache.set', ttlMs);
      const name = store.key('cache', key);
      const bytes = Buffer.from(value);
      await store.ask('cache.set', (client) =>
        ttl === undefined ? client.set(name, bytes) : client.set(name, bytes, 'PX', ttl),
      );
    },
    async remove(key) {
      checkKey('cache.remove', key);
      await store.ask('cache.remove', (client) => client.del(store.key('cache', key)));
    },
  };
}

// Keys and values in Redis.
import { MAX_VALUE_BYTES, checkKey, checkValue } from '../capability-arguments.js';
import type { KeyValueStore } from '../capability-set.js';
import { redisTtl } from './redis-expiry.js';
import type { RedisStore } from './redis-store.js';

export interface RedisKvOptions {
  /** Largest value in bytes; 64 MiB by default. */
  readonly maxValueBytes?: number;
}

/** The key-value table of a store. How durable a write is that has resolved, the server's own settings
 * say (`appendonly`, `appendfsync`). */
export function redisKv(store: RedisStore, options: RedisKvOptions = {}): KeyValueStore {
  const limit = options.maxValueBytes ?? MAX_VALUE_BYTES;
  return {
    async get(key) {
      checkKey('kv.get', key);
      const found = await store.ask('kv.get', (client) => client.getBuffer(store.key('kv', key)));
      return found === null ? undefined : new Uint8Array(found);
    },
    async put(key, value, { ttlMs } = {}) {
      checkKey('kv.put', key);
      checkValue('kv.put', 'kv.redis', value, limit);
      const ttl = redisTtl('kv.put', ttlMs);
      const name = store.key('kv', key);
      const bytes = Buffer.from(value);
      await store.ask('kv.put', (client) =>
        ttl === undefined ? client.set(name, bytes) : client.set(name, bytes, 'PX', ttl),
      );
    },
    async delete(key) {
      checkKey('kv.delete', key);
      return (await store.ask('kv.delete', (client) => client.del(store.key('kv', key)))) > 0;
    },
  };
}

// Remembered keys in Redis. A reservation carries a token of its caller: when the connection is lost
// after the server has taken it, the repeated command finds the own token and not a duplicate.
import { randomBytes } from 'node:crypto';
import { checkKey } from '../capability-arguments.js';
import type { DedupeStore } from '../capability-set.js';
import { redisTtl } from './redis-expiry.js';
import type { RedisStore } from './redis-store.js';

const TOKEN_BYTES = 16;

/** The dedupe table of a store; it needs Redis 7.0 or later. */
export function redisDedupe(store: RedisStore): DedupeStore {
  return {
    async putIfAbsent(key, ttlMs) {
      checkKey('dedupe.putIfAbsent', key);
      const ttl = redisTtl('dedupe.putIfAbsent', ttlMs);
      const name = store.key('dedupe', key);
      const token = randomBytes(TOKEN_BYTES);
      const before = await store.ask('dedupe.putIfAbsent', (client) => {
        const expiry = ttl === undefined ? [] : ['PX', ttl];
        return client.callBuffer('SET', name, token, 'NX', 'GET', ...expiry);
      });
      return before === null || (Buffer.isBuffer(before) && before.equals(token));
    },
    async forget(key) {
      checkKey('dedupe.forget', key);
      await store.ask('dedupe.forget', (client) => client.del(store.key('dedupe', key)));
    },
  };
}

// What every store does, on a real redis-server.
import { startRedisServer, type RedisServer } from '@basalt/test-servers';
import { randomUUID } from 'node:crypto';
import { describeJournal } from '../../testing/journal-conformance.js';
import { openRedisJournal } from './redis-journal.js';

let redis: RedisServer;

beforeAll(async () => {
  redis = await startRedisServer();
});

afterAll(() => redis.stop());

describeJournal('openRedisJournal', async () => {
  const name = randomUUID();
  return {
    open: (options) => openRedisJournal({ ...options, url: redis.url, name }),
    cleanUp: async () => undefined,
  };
});

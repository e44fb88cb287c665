// The promises of every backend, on a real redis-server.
import { startRedisServer, type RedisServer } from '@basalt/test-servers';
import { QUEUE_CONFORMANCE } from '../testing/queue-conformance.js';
import { openRedisQueue } from './redis-queue.js';

let redis: RedisServer;

beforeAll(async () => {
  redis = await startRedisServer();
});

afterAll(() => redis.stop());

describe.each(QUEUE_CONFORMANCE)('a queue in Redis', ({ name, run }) => {
  it(name, () =>
    run({ open: (queue, options) => openRedisQueue({ ...options, queue, url: redis.url }) }),
  );
});

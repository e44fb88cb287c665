// Our scripts write what BullMQ reads. This holds them to what BullMQ 6.7 itself writes, so that an
// upgrade which changes its format is seen here and not in a queue.
import { startRedisServer, type RedisServer } from '@basalt/test-servers';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { DONE, job, settled } from '../testing/queue-harness.js';
import { KEY_PREFIX, bullQueueName, keysPrefix } from './redis-keys.js';
import { openRedisQueue } from './redis-queue.js';

let server: RedisServer;
let redis: Redis;

beforeAll(async () => {
  server = await startRedisServer();
  redis = new Redis(server.url, { maxRetriesPerRequest: null });
});

afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

/** Every key of a queue with its type and, for jobs, their fields; without what is only ours. */
async function shapeOf(queue: string): Promise<Record<string, unknown>> {
  const prefix = keysPrefix(queue);
  const shape: Record<string, unknown> = {};
  for (const key of (await redis.keys('*')).sort()) {
    const rest = key.startsWith(prefix) ? key.slice(prefix.length) : 'basalt:';
    // The stream of events and its limit only feed listeners; ids are counted where none is given.
    if (rest.startsWith('basalt:') || ['events', 'meta', 'id'].includes(rest)) continue;
    const type = await redis.type(key);
    if (type === 'zset') shape[rest] = await redis.zrange(key, 0, -1, 'WITHSCORES');
    else if (type === 'list') shape[rest] = await redis.lrange(key, 0, -1);
    else if (type === 'string') shape[rest] = await redis.get(key);
    else {
      const fields = Object.entries(await redis.hgetall(key));
      const kept = fields.filter(([field]) => !/^basalt|^timestamp$/.test(field));
      shape[rest] = Object.fromEntries(
        kept.map(([field, text]) => [field, field === 'opts' ? JSON.parse(text) : text]),
      );
    }
  }
  return shape;
}

it('stores jobs as BullMQ does', async () => {
  const backend = await openRedisQueue({ queue: 'ours', url: server.url });
  await backend.enqueue([job({ id: 'a', priority: 3 }), job({ id: 'b', maxAttempts: 2 })]);
  const [first, second] = await Promise.all(
    ['a', 'b'].map((id) => redis.hget(`${keysPrefix('ours')}j.${id}`, 'data')),
  );
  const theirs = new Queue(bullQueueName('theirs'), { connection: redis, prefix: KEY_PREFIX });
  const options = (priority: number, jobId: string) => ({ priority, jobId });
  await theirs.add('flow', JSON.parse(first!), options(98, 'j.a'));
  await theirs.add('flow', JSON.parse(second!), options(101, 'j.b'));
  const expected = await shapeOf('theirs');
  for (const id of ['j.a', 'j.b']) {
    const stored = expected[id] as { opts: Record<string, unknown> };
    // BullMQ repeats in the options what it has in fields of their own.
    stored.opts = {};
  }
  expect(await shapeOf('ours')).toEqual(expected);
  await theirs.close();
  await backend.close();
});

it('leaves BullMQ a queue that it counts as we do', async () => {
  const queue = 'counted';
  const backend = await openRedisQueue({ queue, url: server.url });
  await backend.enqueue([
    job({ id: 'now' }),
    job({ id: 'later', notBefore: Date.now() + 60_000 }),
    job({ id: 'first', partition: 'p' }),
    job({ id: 'second', partition: 'p' }),
  ]);
  const bull = new Queue(bullQueueName(queue), { connection: redis, prefix: KEY_PREFIX });
  expect(await bull.getJobCounts('waiting', 'prioritized', 'delayed', 'active')).toEqual({
    waiting: 0,
    prioritized: 2,
    delayed: 2,
    active: 0,
  });
  expect((await backend.status()).counts).toEqual({
    ready: 3,
    delayed: 1,
    active: 0,
    parked: 0,
    dead: 0,
  });
  backend.work(async () => DONE);
  await settled(backend, { delayed: 1 }, { done: 3 });
  expect(await bull.getJobCounts('completed', 'delayed')).toEqual({ completed: 3, delayed: 1 });
  await bull.close();
  await backend.close();
});

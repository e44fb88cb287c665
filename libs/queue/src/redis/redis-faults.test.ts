// What a queue in Redis does when others write into its keys, connections are cut, the server dies or
// comes back without its data: on a real redis-server.
import type { Diagnostic } from '@basalt/diagnostics';
import { startCuttingProxy, startRedisServer, type RedisServer } from '@basalt/test-servers';
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import type { QueueBackend } from '../queue-backend.js';
import { DONE, codeOf, job, settled, until } from '../testing/queue-harness.js';
import { keysPrefix } from './redis-keys.js';
import { openRedisQueue } from './redis-queue.js';
import type { RedisQueueOptions } from './redis-queue-options.js';

let redis: RedisServer;
let raw: Redis;
let name: string;
let faults: Diagnostic[];
let opened: QueueBackend[];

beforeEach(async () => {
  redis = await startRedisServer({ args: ['--appendonly', 'yes', '--appendfsync', 'always'] });
  raw = new Redis(redis.url, { disconnectTimeout: 50 });
  raw.on('error', () => undefined);
  name = `faults ${randomUUID()}`;
  faults = [];
  opened = [];
});

afterEach(async () => {
  await Promise.all(opened.map((backend) => backend.close()));
  raw.disconnect();
  await redis.stop();
});

async function open(options: Partial<RedisQueueOptions> = {}): Promise<QueueBackend> {
  const onFault = (fault: Diagnostic) => void faults.push(fault);
  const backend = await openRedisQueue({ queue: name, url: redis.url, onFault, ...options });
  opened.push(backend);
  return backend;
}

const key = (rest: string) => keysPrefix(name) + rest;
const codes = () => new Set(faults.map(({ code }) => code));

describe('foreign writers', () => {
  it('puts aside ids, records and keys that are no jobs, and goes on', async () => {
    const backend = await open();
    const bytes = Buffer.from([0xff, 0, 0x7b]);
    await raw.lpush(key('wait'), 'no-such-job');
    await raw.zadd(key('prioritized'), 1, 'plain-text');
    await raw.set(key('plain-text'), bytes);
    await raw.lpush(key('wait'), 'a-list');
    await raw.lpush(key('a-list'), 'x');
    await raw.lpush(key('wait'), 'no-json');
    await raw.hset(key('no-json'), { name: 'x', data: '{"half', opts: '{}', timestamp: 1 });
    await raw.lpush(key('wait'), 'other-json');
    await raw.hset(key('other-json'), { name: 'x', data: '{"a":1}', opts: '{}', timestamp: 1 });
    await raw.lpush(key('wait'), 'bad-record');
    await raw.hset(key('bad-record'), { name: 'x', data: '"AQID"', opts: '{}', timestamp: 1 });
    await raw.lpush(key('wait'), 'no-options');
    await raw.hset(key('no-options'), { name: 'x', data: '"AQID"', opts: '{', timestamp: 1 });
    await raw.lpush(key('wait'), 'x'.repeat(10_000));
    await raw.zadd(key('delayed'), 1, 'no-such-delayed');
    await backend.enqueue([job({ id: 'good' })]);
    const seen: string[] = [];
    backend.work(
      async ({ job: { id } }) => {
        seen.push(id);
        return DONE;
      },
      { visibilityMs: 200 },
    );
    await settled(backend, { dead: 9 }, { done: 1, dead: 9 });
    expect(seen).toEqual(['good']);
    const { letters } = await backend.dead.list();
    expect(
      letters.map(({ id, job: known, cause, reason }) => [id, known, cause, reason.code]).sort(),
    ).toEqual(
      [
        'no-such-job',
        'plain-text',
        'a-list',
        'no-json',
        'other-json',
        'bad-record',
        'no-options',
        'x'.repeat(10_000),
        'no-such-delayed',
      ]
        .sort()
        .map((id) => [id, undefined, 'malformed', 'QUE108']),
    );
    expect(Buffer.from((await backend.dead.show('plain-text'))!.raw!)).toEqual(bytes);
    expect(await backend.dead.replay()).toEqual([]);
    expect(await backend.dead.purge()).toBe(9);
  });

  it('tells apart a key of another type from a job', async () => {
    const backend = await open();
    for (const name of ['prioritized', 'delayed', 'basalt:lanes', 'basalt:w:p', 'basalt:d:k']) {
      await raw.set(key(name), 'x');
      if (name === 'basalt:d:k') await raw.del(key(name)).then(() => raw.lpush(key(name), 'x'));
      const jobs = [job({ id: 'first' }), job({ id: name, partition: 'p', dedupeKey: 'k' })];
      expect([name, await codeOf(backend.enqueue(jobs))]).toEqual([name, 'QUE203']);
      await raw.del(key(name));
    }
    // Nothing of the refused requests is left.
    expect(await backend.find('first')).toBeUndefined();
    await settled(backend, {}, { enqueued: 0 });
    await backend.enqueue([job({ id: 'first' })]);
    await settled(backend, { ready: 1 });
  });

  it('shows what BullMQ itself has put aside', async () => {
    const backend = await open();
    await backend.enqueue([job({ id: 'a' })]);
    await raw.zrem(key('prioritized'), 'j.a');
    await raw.hset(key('j.a'), { failedReason: 'stopped by another', finishedOn: 7, atm: 2 });
    await raw.zadd(key('failed'), 7, 'j.a');
    const letter = await backend.dead.show('a');
    expect([letter?.cause, letter?.reason, letter?.attempts, letter?.diedAt]).toEqual([
      'rejected',
      { code: 'QUE206', message: 'stopped by another' },
      2,
      7,
    ]);
  });
});

describe('connections', () => {
  it('refuses a server that is not there, and an address that is none', async () => {
    expect(await codeOf(open({ url: 'redis://127.0.0.1:1' }))).toBe('QUE201');
    expect(await codeOf(open({ url: 'http://127.0.0.1:1' }))).toBe('QUE201');
    await raw.config('SET', 'requirepass', 'right');
    expect(await codeOf(open({ password: 'wrong' }))).toBe('QUE201');
  });

  it('warns of a server that evicts', async () => {
    await raw.config('SET', 'maxmemory-policy', 'allkeys-lru');
    await open();
    expect(faults.map(({ code }) => code)).toEqual(['QUE205']);
  });

  it('takes a job in once when the answer to the enqueue is lost', async () => {
    const proxy = await startCuttingProxy(redis.port);
    try {
      const backend = await open({ url: `redis://127.0.0.1:${proxy.port}` });
      await backend.enqueue([job({ id: 'first' })]);
      for (const cut of ['answer', 'request'] as const) {
        const lost = proxy.cutNext(cut, (packet) => packet.includes('eval'));
        const jobs = [job({ id: cut }), job({ id: `${cut} 2`, dedupeKey: cut })];
        const [answers] = await Promise.all([backend.enqueue(jobs), lost]);
        expect(answers).toEqual([
          { id: cut, duplicate: false },
          { id: `${cut} 2`, duplicate: false },
        ]);
      }
      await settled(backend, { ready: 5 }, { enqueued: 5, duplicates: 0 });
    } finally {
      await Promise.all(opened.splice(0).map((backend) => backend.close()));
      await proxy.close();
    }
  });

  it('says what it does not know when the server cannot be reached', async () => {
    const proxy = await startCuttingProxy(redis.port);
    try {
      const backend = await open({ url: `redis://127.0.0.1:${proxy.port}`, timeoutMs: 300 });
      proxy.sever();
      expect(await codeOf(backend.enqueue([job()]))).toBe('QUE202');
      proxy.restore();
      await until(
        'it is reached again',
        async () => (await codeOf(backend.status())) === undefined,
      );
    } finally {
      await Promise.all(opened.splice(0).map((backend) => backend.close()));
      await proxy.close();
    }
  });

  it('loses and repeats nothing while connections are cut again and again', async () => {
    const proxy = await startCuttingProxy(redis.port);
    try {
      const backend = await open({ url: `redis://127.0.0.1:${proxy.port}` });
      const ids = Array.from({ length: 60 }, (_, i) => `job ${i}`);
      await backend.enqueue(ids.map((id) => job({ id })));
      const done = new Set<string>();
      backend.work(
        async ({ job: { id } }) => {
          await new Promise((resolve) => setTimeout(resolve, 5));
          done.add(id);
          return DONE;
        },
        { concurrency: 5, visibilityMs: 300 },
      );
      for (let cut = 0; cut < 5; cut += 1) {
        await until('more is done', () => done.size >= 10 * (cut + 1));
        proxy.sever();
        proxy.restore();
      }
      const direct = await open();
      await settled(direct, {}, { enqueued: 60, dead: 0 });
      expect([...done].sort()).toEqual([...ids].sort());
    } finally {
      await Promise.all(opened.splice(0).map((backend) => backend.close()));
      await proxy.close();
    }
  });
});

it('takes an attempt for a lost lease, tells its handler, and puts poison aside', async () => {
  const backend = await open();
  await backend.enqueue([job({ id: 'a', maxAttempts: 2 }), job({ id: 'b' })]);
  const attempts: number[] = [];
  backend.work(
    async ({ job: { id }, attempt, signal }) => {
      if (id === 'b') return DONE;
      attempts.push(attempt);
      // As if the worker had stood still for longer than its lease.
      await raw.del(key('j.a:lock'));
      if (!signal.aborted) {
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
      }
      // Too late: somebody else may have the job.
      return DONE;
    },
    { visibilityMs: 200 },
  );
  await settled(backend, { dead: 1 }, { done: 1, dead: 1 });
  expect(attempts).toEqual([1, 2]);
  const { cause, attempts: used, reason } = (await backend.dead.show('a'))!;
  expect([cause, used, reason.code]).toEqual(['poison', 2, 'QUE107']);
  expect(codes().has('QUE109')).toBe(true);
});

it('forgets jobs that are done beyond what it is to keep', async () => {
  const backend = await open({ keepDone: 3 });
  await backend.enqueue(Array.from({ length: 8 }, (_, i) => job({ id: String(i) })));
  backend.work(async () => DONE, { concurrency: 1 });
  await settled(backend, {}, { done: 8 });
  await until('five are forgotten', async () => (await raw.zcard(key('completed'))) === 3);
  const states = [];
  for (const id of ['0', '4', '5', '7']) states.push((await backend.find(id))?.state);
  expect(states).toEqual([undefined, undefined, 'done', 'done']);
  expect(await backend.enqueue([job({ id: '0' }), job({ id: '7' })])).toEqual([
    { id: '0', duplicate: false },
    { id: '7', duplicate: true },
  ]);
});

describe('a server that dies', () => {
  it('keeps what it acknowledged, with appendonly', async () => {
    const backend = await open();
    await backend.enqueue(Array.from({ length: 20 }, (_, i) => job({ id: String(i) })));
    await redis.kill();
    await redis.start();
    const done: string[] = [];
    backend.work(
      async ({ job: { id } }) => {
        done.push(id);
        return DONE;
      },
      { visibilityMs: 300 },
    );
    await settled(backend, {}, { done: 20 });
    expect(done.sort()).toEqual(Array.from({ length: 20 }, (_, i) => String(i)).sort());
    expect(codes().has('QUE204')).toBe(false);
  });

  it('tells when it comes back empty', async () => {
    await raw.config('SET', 'appendonly', 'no');
    const backend = await open();
    const seen: string[] = [];
    backend.work(async ({ job: { id } }) => {
      seen.push(id);
      return DONE;
    });
    await backend.enqueue([job({ id: 'a' })]);
    await settled(backend, {}, { done: 1 });
    await raw.flushall();
    await until('the loss is told', () => codes().has('QUE204'));
    const calls = [
      await codeOf(backend.enqueue([job({ id: 'a' })])),
      await codeOf(backend.find('a')),
      await codeOf(backend.status()),
      await codeOf(backend.pause()),
      await codeOf(backend.schedule({ id: 's', everyMs: 1_000, job: job() })),
      await codeOf(backend.dead.list()),
      await codeOf(backend.dead.replay()),
    ];
    expect(calls).toEqual(Array.from({ length: 7 }, () => 'QUE204'));
    expect(faults.map(({ code }) => code)).toEqual(['QUE204']);
    expect(seen).toEqual(['a']);
  });

  it('and comes back empty: what was there delivers nothing of it, and who opens it anew can', async () => {
    await raw.config('SET', 'appendonly', 'no');
    const old = await open();
    const seen: string[] = [];
    old.work(async ({ job: { id } }) => {
      seen.push(`old ${id}`);
      return DONE;
    });
    await old.enqueue([job({ id: 'a' })]);
    await settled(old, {}, { done: 1 });
    await redis.kill();
    // So that the worker finds the job there when it comes back.
    await rm(join(redis.folder, 'appendonlydir'), { recursive: true, force: true });
    await redis.start();
    const fresh = await open();
    expect(await fresh.enqueue([job({ id: 'a' })])).toEqual([{ id: 'a', duplicate: false }]);
    await until('the loss is told', () => codes().has('QUE204'));
    expect(await codeOf(old.enqueue([job({ id: 'b' })]))).toBe('QUE204');
    fresh.work(async ({ job: { id } }) => {
      seen.push(`fresh ${id}`);
      return DONE;
    });
    await settled(fresh, {}, { enqueued: 1, done: 1 });
    expect(seen).toEqual(['old a', 'fresh a']);
  });

  it('tells when it comes back with older data', async () => {
    const backend = await open();
    const worker = backend.work(async () => DONE);
    await until('it is seen', async () => (await backend.status()).workers.length === 1);
    const beats = async () => Number(await raw.hget(key('basalt:meta'), 'beat'));
    await until('it has shown life twice', async () => (await beats()) > 2);
    await raw.hset(key('basalt:meta'), 'beat', 0);
    await until('the loss is told', () => codes().has('QUE204'));
    await worker.close();
  });
});

// Journals in Redis when connections are cut, the server is killed and comes back with all, some or none
// of its data, owners stand still, and others write into the keys: on a real redis-server.
import { startCuttingProxy, startRedisServer, type CuttingProxy } from '@basalt/test-servers';
import type { RedisServer } from '@basalt/test-servers';
import { Redis } from 'ioredis';
import {
  attempt,
  codeOf,
  collect,
  ended,
  lostCode,
  result,
  startOf,
  waiting,
} from '../../testing/sample-runs.js';
import type { JournalStore } from '../journal-store.js';
import { openRedisJournal } from './redis-journal.js';
import type { RedisJournalOptions } from './redis-journal-options.js';

const DURABLE = ['--appendonly', 'yes', '--appendfsync', 'always'];
const PREFIX = 'basalt:{journal runs}:';
/** Only ends a hang. */
const HANG_MS = 30_000;

let redis: RedisServer;
let raw: Redis;
let proxy: CuttingProxy;
let stores: JournalStore[];

async function begin(args: readonly string[]): Promise<void> {
  redis = await startRedisServer({ args });
  raw = new Redis(redis.url, { connectTimeout: 500, disconnectTimeout: 50 });
  raw.on('error', () => undefined);
  proxy = await startCuttingProxy(redis.port);
  stores = [];
}

afterEach(async () => {
  await Promise.all(stores.map((store) => store.close().catch(() => undefined)));
  raw.disconnect();
  await proxy.close();
  await redis.stop();
});

async function open(options: Partial<RedisJournalOptions> = {}): Promise<JournalStore> {
  const store = await openRedisJournal({ url: redis.url, timeoutMs: 500, ...options });
  stores.push(store);
  return store;
}

const openThroughProxy = () => open({ url: `redis://127.0.0.1:${proxy.port}` });
const isCommit = (packet: string) => packet.includes('eval');

/** Starts the server again, without its data. */
async function restartEmpty(): Promise<void> {
  const last = new Redis(redis.url, { retryStrategy: () => null, disconnectTimeout: 50 });
  await last.call('SHUTDOWN', 'NOSAVE').catch(() => undefined);
  await redis.kill();
  await redis.start();
}

async function until(what: string, check: () => Promise<boolean> | boolean): Promise<void> {
  const end = performance.now() + HANG_MS;
  while (!(await check())) {
    if (performance.now() > end) throw new Error(`in vain waited until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

describe('a connection that is lost', () => {
  beforeEach(() => begin(DURABLE));

  it.each(['answer', 'request'] as const)(
    'with the %s of a commit: it is found out, and nothing is appended twice',
    async (cut) => {
      const store = await openThroughProxy();
      const run = await store.create(startOf('r'));
      expect(await run.reserve('k', 'i', 1_000)).toEqual({ state: 'first' });
      run.append(attempt(1));
      await run.flush();
      const lost = proxy.cutNext(cut, isCommit);
      run.append(result(1, 1, 'k'));
      run.append(attempt(2));
      await Promise.all([run.flush(), lost]);
      run.append(result(2));
      run.append(ended());
      await run.flush();
      const expected = [attempt(1), result(1, 1, 'k'), attempt(2), result(2), ended()];
      expect(await store.records('r')).toEqual(expected);
      const other = await store.create(startOf('other'));
      expect(await other.reserve('k', 'i', 1_000)).toEqual({ state: 'done', input: 'i' });
      expect(await store.verify()).toEqual([]);
    },
  );

  it.each(['answer', 'request'] as const)(
    'with the %s of a start, an opening, an event: each happens once',
    async (cut) => {
      const store = await openThroughProxy();
      const cutOnce = async <T>(work: () => Promise<T>): Promise<T> => {
        const lost = proxy.cutNext(cut, isCommit);
        const [got] = await Promise.all([work(), lost]);
        return got;
      };
      const run = await cutOnce(() => store.create(startOf('r')));
      await run.close();
      const again = await cutOnce(() => store.open('r'));
      const event = { id: 'e', checkpoint: 'c', correlation: 1, event: 1 };
      expect(await cutOnce(() => store.deliver('r', event))).toBe(true);
      expect(await store.deliver('r', event)).toBe(false);
      const { resumptions } = (await store.info('r'))!;
      expect(resumptions).toBe(1);
      await cutOnce(() => again.close());
      expect((await store.info('r'))?.owner).toBeUndefined();
    },
  );

  it('for longer than a call may take: the commit is done when it is back', async () => {
    const store = await openThroughProxy();
    const run = await store.create(startOf('r'));
    proxy.sever();
    run.append(attempt(1));
    const flushed = run.flush();
    expect(await codeOf(store.info('r'))).toBe('CAP131');
    proxy.restore();
    await flushed;
    expect(await store.records('r')).toEqual([attempt(1)]);
  });

  it('when a run is left: the one who left it can take it up again', async () => {
    const store = await open();
    const other = await open();
    const run = await store.create(startOf('r'));
    const { owner } = (await store.info('r'))!;
    await run.close();
    // As if that had not reached the server before the client gave up.
    await raw.hset(`${PREFIX}r:r`, 'owner', owner!, 'lease', 'the one that was left');
    expect(await codeOf(other.open('r'))).toBe('JRNL004');
    const again = await store.open('r');
    expect(await codeOf(store.open('r'))).toBe('JRNL004');
    await again.close();
    await (await other.open('r')).close();
  });

  it('by CLIENT KILL and CLIENT PAUSE: nothing is lost or doubled', async () => {
    const store = await open();
    const run = await store.create(startOf('r'));
    const records = Array.from({ length: 40 }, (_, i) => result(i));
    for (const [i, record] of records.entries()) {
      run.append(record);
      if (i % 10 === 4) await raw.client('PAUSE', 20);
      const flushed = run.flush();
      if (i % 10 === 9) await raw.client('KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
      await flushed;
    }
    expect(await store.records('r')).toEqual(records);
  });
});

describe('a server that is killed', () => {
  it('goes on without a finding where it keeps everything', async () => {
    await begin(DURABLE);
    const store = await open();
    const run = await store.create(startOf('r'));
    run.append(attempt(1));
    await run.flush();
    await redis.kill();
    run.append(result(1));
    const flushed = run.flush();
    await redis.start();
    await flushed;
    const idle = await store.create(startOf('idle'));
    idle.append(waiting(1));
    await idle.close();
    await store.close();
    await redis.kill();
    await redis.start();
    const later = await open();
    const resumed = await later.open('idle');
    expect(resumed.history).toEqual([waiting(1)]);
    expect(await later.verify()).toEqual([]);
  });

  it('and comes back empty: every change is refused, and nothing is begun again', async () => {
    await begin([]);
    const store = await open();
    const run = await store.create(startOf('r'));
    run.append(attempt(1));
    await run.flush();
    await restartEmpty();
    run.append(result(1));
    const codes = [
      await codeOf(run.flush()),
      await codeOf(run.flush()),
      await codeOf(store.create(startOf('r'))),
      await codeOf(store.open('r')),
      await codeOf(store.cancel('r', 'x')),
    ];
    expect(codes).toEqual(['JRNL201', 'JRNL201', 'JRNL201', 'JRNL201', 'JRNL201']);
    expect(await (await open()).list()).toEqual({ runs: [] });
  });

  it('and comes back empty: who asks is told, and takes no run of another store for its own', async () => {
    await begin([]);
    const store = await open();
    await (await store.create(startOf('r'))).close();
    await restartEmpty();
    // Somebody else begins the run again, which an empty server cannot tell from a new one.
    await (await (await open()).create(startOf('r'))).close();
    const codes = [
      await codeOf(store.info('r')),
      await codeOf(store.start('r')),
      await codeOf(store.records('r')),
      await codeOf(store.list()),
      await codeOf(store.verify({ repair: true })),
      await codeOf(store.prune({ keep: 0 })),
      await codeOf(store.compact()),
      await codeOf(collect(store.exportRuns())),
      await codeOf(store.deliver('r', { id: 'e', checkpoint: 'c', correlation: 1, event: null })),
    ];
    expect(codes).toEqual(Array.from({ length: 9 }, () => 'JRNL201'));
  });

  it('and comes back empty: runs that write nothing are told, too', async () => {
    await begin([]);
    const store = await open();
    const run = await store.create(startOf('r'));
    await restartEmpty();
    await until('the run is stopped', () => run.lost.aborted);
    expect(lostCode(run.lost)).toBe('JRNL201');
    expect(await codeOf(run.reserve('k', 'i', 1_000))).toBe('JRNL201');
  });

  it('and comes back with older data: the run that is open and those resumed later are told', async () => {
    await begin([]);
    const store = await open();
    const run = await store.create(startOf('r'));
    const idle = await store.create(startOf('idle'));
    const done = await store.create(startOf('done'));
    done.append(ended());
    run.append(attempt(1));
    for (const open of [run, idle, done]) await open.flush();
    await raw.save();
    run.append(result(1));
    await run.flush();
    await idle.close();
    await redis.kill();
    await redis.start();
    run.append(attempt(2));
    expect(await codeOf(run.flush())).toBe('JRNL202');
    await store.close();
    await until('the lease has gone with the server', async () => {
      const keys = await raw.keys(`${PREFIX}o:*`);
      if (keys.length > 0) await raw.del(...keys);
      return keys.length === 0;
    });
    const later = await open();
    const codes = [await codeOf(later.open('r')), await codeOf(later.open('idle'))];
    expect(codes).toEqual(['JRNL203', 'JRNL203']);
    expect((await later.info('r'))?.resumptions).toBe(0);
    const faults = await later.verify();
    expect(faults.map(({ runId, at, repaired }) => ({ runId, at, repaired }))).toEqual([
      { runId: 'idle', at: 1, repaired: false },
      { runId: 'r', at: 2, repaired: false },
    ]);
    const trusting = await open({ trustRestarts: true });
    expect(await trusting.verify()).toEqual([]);
    await (await trusting.open('idle')).close();
    expect((await later.verify({ repair: true })).map(({ repaired }) => repaired)).toEqual([
      true,
      true,
    ]);
    const resumed = await later.open('r');
    expect(resumed.history).toEqual([attempt(1)]);
    expect(await later.verify()).toEqual([]);
  });

  it('for want of memory refuses a commit, and the run stops', async () => {
    await begin([]);
    const store = await open();
    const run = await store.create(startOf('r'));
    await raw.config('SET', 'maxmemory', '1');
    run.append(attempt(1));
    expect(await codeOf(run.flush())).toBe('CAP131');
    await raw.config('SET', 'maxmemory', '0');
    expect(await codeOf(run.flush())).toBe('CAP131');
    await run.close().catch(() => undefined);
    const again = await store.open('r');
    expect(again.history).toEqual([]);
  });
});

describe('owners', () => {
  beforeEach(() => begin(DURABLE));

  it('that stand still lose their runs, and cannot write any more', async () => {
    const first = await open({ leaseMs: 60_000 });
    const run = await first.create(startOf('r'));
    run.append(attempt(1));
    await run.flush();
    const second = await open();
    expect(await codeOf(second.open('r'))).toBe('JRNL004');
    // What Redis does when the lease of an owner that stands still is over.
    const owner = (await first.info('r'))!.owner!;
    await raw.del(`${PREFIX}o:${owner}`);
    expect((await second.info('r'))?.status).toBe('interrupted');
    const next = await second.open('r');
    expect(next.history).toEqual([attempt(1)]);
    run.append(result(1));
    expect(await codeOf(run.flush())).toBe('JRNL008');
    expect(lostCode(run.lost)).toBe('JRNL008');
    expect(await codeOf(run.reserve('k', 'i', 1))).toBe('JRNL008');
    await run.close();
    next.append(result(1));
    await next.flush();
    expect((await second.info('r'))?.owner).not.toBe(owner);
    expect(await second.records('r')).toEqual([attempt(1), result(1)]);
  });

  it('learn from their signs of life what they were not told', async () => {
    const first = await open({ leaseMs: 300 });
    const run = await first.create(startOf('r'));
    await raw.hset(`${PREFIX}r:r`, 'cancel', 'by hand');
    await until('it is told', () => run.lost.aborted);
    expect(lostCode(run.lost)).toBe('JRNL009');
  });

  it('are told at once by others of cancellations and events', async () => {
    const first = await open({ leaseMs: 600_000 });
    const second = await open();
    const run = await first.create(startOf('r'));
    const seen: string[] = [];
    run.onEvent(({ id }) => seen.push(id));
    const event = { id: 'e', checkpoint: 'c', correlation: 1, event: 1 };
    expect(await second.deliver('r', event)).toBe(true);
    await until('the event has come', () => seen.length > 0);
    expect(await second.cancel('r', 'enough')).toBe('asked');
    await until('the cancellation has come', () => run.lost.aborted);
    expect([seen, lostCode(run.lost)]).toEqual([['e'], 'JRNL009']);
  });
});

describe('foreign and damaged keys', () => {
  beforeEach(() => begin(DURABLE));

  it('are found, and cut back to what is good', async () => {
    const store = await open();
    for (const id of ['cut', 'extra', 'flipped', 'row', 'start', 'gone', 'good', 'document']) {
      const flowDocument = { of: id === 'document' ? id : 'all' };
      const run = await store.create(startOf(id, { flowDocument }));
      run.append(attempt(1));
      run.append(result(1));
      await run.close();
    }
    await raw.rpop(`${PREFIX}f:cut`);
    await raw.rpush(`${PREFIX}f:extra`, 'noise');
    await raw.lset(`${PREFIX}f:flipped`, 2, Buffer.from([1, 2, 3]));
    await raw.hset(`${PREFIX}r:row`, 'records', 'many');
    await raw.lset(`${PREFIX}f:start`, 0, 'noise');
    await raw.del(`${PREFIX}r:gone`);
    await raw.del(`${PREFIX}d:${(await raw.hget(`${PREFIX}r:document`, 'document'))!}`);
    await raw.zadd(`${PREFIX}l:all`, 1, 'no member of ours');
    expect(await codeOf(store.open('cut'))).toBe('JRNL005');
    expect(await codeOf(store.records('flipped'))).toBe('JRNL005');
    expect((await store.info('cut'))?.resumptions).toBe(0);
    const faults = await store.verify();
    const found = faults.map(({ runId, at }) => `${runId} ${at}`).sort();
    expect(found).toEqual([
      'cut 2',
      'document 0',
      'extra 3',
      'flipped 2',
      'gone 0',
      'row 0',
      'start 0',
    ]);
    const repaired = await store.verify({ repair: true });
    expect(repaired.filter((fault) => !fault.repaired).map(({ runId }) => runId)).toEqual([
      'document',
    ]);
    expect((await store.verify()).map(({ runId }) => runId)).toEqual(['document']);
    const kept = await store.list();
    expect(kept.runs.map(({ runId, records }) => `${runId} ${records}`).sort()).toEqual([
      'cut 1',
      'document 2',
      'extra 2',
      'flipped 1',
      'good 2',
      'row 2',
    ]);
  });

  it('of another type are told', async () => {
    const store = await open();
    await raw.set(`${PREFIX}r:odd`, 'x');
    await raw.set(`${PREFIX}k:key`, 'x');
    const run = await store.create(startOf('r'));
    const codes = [
      await codeOf(store.create(startOf('odd'))),
      await codeOf(store.info('odd')),
      await codeOf(run.reserve('key', 'i', 1)),
    ];
    expect(codes).toEqual(['CAP131', 'CAP131', 'CAP131']);
    expect((await store.list()).runs.map(({ runId }) => runId)).toEqual(['r']);
  });

  it('that look like ours are kept apart by the name of the store', async () => {
    const one = await open({ name: 'a' });
    const two = await open({ name: 'a}:{b' });
    await one.create(startOf('r'));
    expect(await two.list()).toEqual({ runs: [] });
  });
});

describe('a server that cannot be used', () => {
  beforeEach(() => begin([]));

  it('is refused', async () => {
    expect(await codeOf(open({ url: 'redis://127.0.0.1:1' }))).toBe('CAP130');
    await expect(open({ url: 'http://127.0.0.1' })).rejects.toThrow(RangeError);
  });
});

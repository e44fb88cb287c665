import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import fc from 'fast-check';
import { HOSTILE_KEYS, codeOf } from '../../test/store-fixture.js';
import { startRedisServer, type RedisServer } from '@basalt/test-servers';
import { redisCache } from './redis-cache.js';
import { redisDedupe } from './redis-dedupe.js';
import { redisKv } from './redis-kv.js';
import { openRedisStore, type RedisStore } from './redis-store.js';

let server: RedisServer;
let store: RedisStore;

beforeAll(async () => {
  server = await startRedisServer();
});
beforeEach(async () => {
  store = await openRedisStore(server.url);
  await store.ask('test', (client) => client.flushall());
});
afterEach(() => store.close());
afterAll(() => server.stop());

const bytes = (text: string) => new Uint8Array(Buffer.from(text));
const key = fc.oneof(
  fc.constantFrom('a', 'b', '\0'),
  fc.constantFrom(...HOSTILE_KEYS.slice(0, 12)),
);
const write = fc.record({
  kind: fc.constantFrom('set' as const, 'get' as const, 'remove' as const),
  key,
  value: fc.uint8Array({ maxLength: 40 }),
  ttlMs: fc.option(fc.integer({ min: 600_000, max: Number.MAX_SAFE_INTEGER }), { nil: undefined }),
});

/** Resolves once `holds` does; a test that never gets there is stopped by jest. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** Cuts the connections of the store, as a restarting proxy does. */
async function cutConnections(): Promise<void> {
  const other = await openRedisStore(server.url);
  await other.ask('test', (client) =>
    client.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes'),
  );
  await other.close();
}

/** Passes everything on, but can cut a connection in place of the server's next answer. */
async function deafProxy(port: number) {
  const state = { armed: false, lost: 0 };
  const proxy = createServer((client) => {
    const upstream = connect(port, '127.0.0.1');
    upstream.on('data', (answer) => {
      if (!state.armed) {
        client.write(answer);
        return;
      }
      state.armed = false;
      state.lost += 1;
      client.destroy();
    });
    client.on('data', (request) => upstream.write(request));
    client.on('error', () => undefined);
    client.on('close', () => upstream.destroy());
    upstream.on('error', () => undefined);
    upstream.on('close', () => client.destroy());
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  return {
    port: (proxy.address() as AddressInfo).port,
    loseNextAnswer: () => {
      state.armed = true;
    },
    get lost() {
      return state.lost;
    },
    close: () => new Promise<void>((resolve) => proxy.close(() => resolve())),
  };
}

describe('redisKv and redisCache', () => {
  it('behave like a Map', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(write, { maxLength: 30 }), async (steps) => {
        await store.ask('test', (client) => client.flushall());
        const kv = redisKv(store);
        const cache = redisCache(store);
        const model = new Map<string, Uint8Array>();
        for (const { kind, key, value, ttlMs } of steps) {
          const options = ttlMs === undefined ? {} : { ttlMs };
          if (kind === 'set') {
            await kv.put(key, value, options);
            await cache.set(key, value, options);
            model.set(key, value);
          } else if (kind === 'get') {
            expect(await kv.get(key)).toEqual(model.get(key));
            expect(await cache.get(key)).toEqual(model.get(key));
          } else {
            expect(await kv.delete(key)).toBe(model.delete(key));
            await cache.remove(key);
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  it('tell hostile keys apart, also those of other tables', async () => {
    const kv = redisKv(store);
    const cache = redisCache(store);
    await Promise.all(HOSTILE_KEYS.map((name, i) => kv.put(name, bytes(`kv ${i}`))));
    await Promise.all(HOSTILE_KEYS.map((name, i) => cache.set(name, bytes(`cache ${i}`))));
    const found = await Promise.all(HOSTILE_KEYS.map((name) => kv.get(name)));
    expect(found).toEqual(HOSTILE_KEYS.map((_, i) => bytes(`kv ${i}`)));
    const cached = await Promise.all(HOSTILE_KEYS.map((name) => cache.get(name)));
    expect(cached).toEqual(HOSTILE_KEYS.map((_, i) => bytes(`cache ${i}`)));
  });

  it('end entries by the time of the server', async () => {
    const kv = redisKv(store);
    await kv.put('k', bytes('v'), { ttlMs: 0.2 });
    await redisCache(store).set('k', bytes('v'), { ttlMs: 1 });
    await until(async () => (await kv.get('k')) === undefined);
    await until(async () => (await redisCache(store).get('k')) === undefined);
    await kv.put('k', bytes('v'), { ttlMs: 3_600_000 });
    const left = await store.ask('test', (client) => client.pttl(store.key('kv', 'k')));
    expect(left > 0 && left <= 3_600_000).toBe(true);
    await kv.put('k', bytes('v'));
    expect(await store.ask('test', (client) => client.pttl(store.key('kv', 'k')))).toBe(-1);
  });

  it('keep their own copy, and the order of writes', async () => {
    const kv = redisKv(store);
    const value = bytes('abc');
    const putting = kv.put('k', value);
    value.fill(0);
    await putting;
    expect(await kv.get('k')).toEqual(bytes('abc'));
    await Promise.all(Array.from({ length: 50 }, (_, i) => kv.put('k', bytes(String(i)))));
    expect(await kv.get('k')).toEqual(bytes('49'));
  });

  it('refuse bad arguments', async () => {
    const kv = redisKv(store, { maxValueBytes: 3 });
    const cache = redisCache(store, { maxValueBytes: 3 });
    const codes = await Promise.all([
      codeOf(kv.put('k', bytes('four'))),
      codeOf(cache.set('k', bytes('four'))),
      codeOf(kv.put('k', 'x' as never)),
      codeOf(kv.put(1 as never, bytes('x'))),
      codeOf(kv.get(undefined as never)),
      codeOf(kv.delete({} as never)),
      codeOf(kv.put('k', bytes('x'), { ttlMs: 0 })),
      codeOf(cache.set('k', bytes('x'), { ttlMs: NaN })),
      codeOf(cache.get(null as never)),
      codeOf(cache.remove(null as never)),
    ]);
    expect(codes).toEqual(['CAP104', 'CAP104', ...Array.from({ length: 8 }, () => 'CAP103')]);
    expect(await kv.get('k')).toBeUndefined();
  });
});

describe('redisDedupe', () => {
  it('lets exactly one of many concurrent callers win, on two connections', async () => {
    const second = await openRedisStore(server.url);
    const gates = [redisDedupe(store), redisDedupe(second)] as const;
    const keys = HOSTILE_KEYS.flatMap((name) => Array.from({ length: 10 }, () => name));
    const won = await Promise.all(keys.map((name, i) => gates[i % 2]!.putIfAbsent(name, 60_000)));
    const winners = keys.filter((_, i) => won[i]);
    expect(winners).toEqual(HOSTILE_KEYS);
    await second.close();
  });

  it('remembers for the time that was asked for, and forgets when told to', async () => {
    const dedupe = redisDedupe(store);
    expect(await dedupe.putIfAbsent('k', Infinity)).toBe(true);
    expect(await store.ask('test', (client) => client.pttl(store.key('dedupe', 'k')))).toBe(-1);
    expect(await dedupe.putIfAbsent('k', 1)).toBe(false);
    await dedupe.forget('k');
    expect(await dedupe.putIfAbsent('k', 1)).toBe(true);
    await until(() => dedupe.putIfAbsent('k', 3_600_000));
    expect(await dedupe.putIfAbsent('k', 1)).toBe(false);
  });

  it('refuses bad arguments', async () => {
    const dedupe = redisDedupe(store);
    const codes = await Promise.all([
      codeOf(dedupe.putIfAbsent('k', 0)),
      codeOf(dedupe.putIfAbsent('k', NaN)),
      codeOf(dedupe.putIfAbsent(null as never, 1)),
      codeOf(dedupe.forget(1 as never)),
    ]);
    expect(codes).toEqual(['CAP103', 'CAP103', 'CAP103', 'CAP103']);
  });
});

describe('a connection that is lost', () => {
  it('does not turn a reservation that was taken into a duplicate', async () => {
    const proxy = await deafProxy(server.port);
    const mine = await openRedisStore(`redis://127.0.0.1:${proxy.port}`);
    const dedupe = redisDedupe(mine);
    proxy.loseNextAnswer();
    expect(await dedupe.putIfAbsent('k', 600_000)).toBe(true);
    expect(proxy.lost).toBe(1);
    expect(await dedupe.putIfAbsent('k', 600_000)).toBe(false);
    await mine.close();
    await proxy.close();
  });

  it('is made again, and what was written before is found', async () => {
    const kv = redisKv(store);
    await kv.put('k', bytes('v'));
    await cutConnections();
    expect(await kv.get('k')).toEqual(bytes('v'));
  });
});

describe('a server that is gone', () => {
  it('is a coded error, and serves again when it is back', async () => {
    const own = await startRedisServer({
      args: ['--appendonly', 'yes', '--appendfsync', 'always'],
    });
    const mine = await openRedisStore(own.url);
    const kv = redisKv(mine);
    await kv.put('k', bytes('v'));
    await own.kill();
    await expect(kv.get('k')).rejects.toThrow(
      `CAP131: kv.get failed at the Redis server 127.0.0.1:${own.port}: connect ECONNREFUSED 127.0.0.1:${own.port}.`,
    );
    expect(await codeOf(openRedisStore(own.url))).toBe('CAP130');
    await own.start();
    await until(async () => (await codeOf(kv.get('k'))) === undefined);
    expect(await kv.get('k')).toEqual(bytes('v'));
    await mine.close();
    await own.stop();
  });

  it('is a coded error where it is out of memory', async () => {
    const own = await startRedisServer({ args: ['--maxmemory', '1mb'] });
    const mine = await openRedisStore(own.url);
    await expect(redisKv(mine).put('k', new Uint8Array(2 ** 21))).rejects.toThrow(
      `CAP131: kv.put failed at the Redis server 127.0.0.1:${own.port}: OOM command not allowed when used memory > 'maxmemory'.`,
    );
    await mine.close();
    await own.stop();
  });
});

describe('openRedisStore', () => {
  it('keeps to its prefix, its database and its password', async () => {
    const own = await startRedisServer({ args: ['--requirepass', 'open sesame'] });
    expect(await codeOf(openRedisStore(own.url))).toBe('CAP130');
    expect(await codeOf(openRedisStore(own.url, { password: 'wrong' }))).toBe('CAP130');
    const password = 'open sesame';
    const stores = await Promise.all([
      openRedisStore(own.url, { password }),
      openRedisStore(own.url, { password, prefix: 'other' }),
      openRedisStore(`${own.url}/1`, { password }),
    ]);
    await redisKv(stores[0]!).put('k', bytes('v'));
    const found = await Promise.all(stores.map((one) => redisKv(one).get('k')));
    expect(found).toEqual([bytes('v'), undefined, undefined]);
    expect(stores.map(({ server: at }) => at)).toEqual([
      `127.0.0.1:${own.port}`,
      `127.0.0.1:${own.port}`,
      `127.0.0.1:${own.port}/1`,
    ]);
    await Promise.all(stores.map((one) => one.close()));
    await own.stop();
  });

  it.each([
    '',
    'localhost',
    'http://localhost',
    'redis://',
    'redis://:secret@localhost',
    'redis://localhost/a',
    'redis://localhost/0?x=1',
    `redis://${'x'.repeat(1000)}`,
  ])('refuses the address %.40p', async (url) => {
    await expect(openRedisStore(url)).rejects.toThrow(RangeError);
  });

  it('refuses commands after close, which may come twice', async () => {
    const mine = await openRedisStore(server.url);
    await mine.close();
    await mine.close();
    expect(await codeOf(redisKv(mine).get('k'))).toBe('CAP108');
  });
});

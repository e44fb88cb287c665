import type { CacheStore } from '@basalt/capabilities';
import type { Diagnostic } from '@basalt/diagnostics';
import { encodeCanonical, type CacheSpec, type Value } from '@basalt/ir';
import fc from 'fast-check';
import { ResultCache, type CachedNode } from './result-cache.js';

/** A store in memory, whose faults the test chooses. */
class FaultyCache implements CacheStore {
  readonly entries = new Map<string, { value: Uint8Array; ttlMs: number | undefined }>();
  fault: Error | undefined;

  async get(key: string): Promise<Uint8Array | undefined> {
    await this.#arrive();
    return this.entries.get(key)?.value;
  }

  async set(key: string, value: Uint8Array, options?: { readonly ttlMs?: number }): Promise<void> {
    await this.#arrive();
    this.entries.set(key, { value, ttlMs: options?.ttlMs });
  }

  async remove(key: string): Promise<void> {
    await this.#arrive();
    this.entries.delete(key);
  }

  async #arrive(): Promise<void> {
    await null;
    if (this.fault !== undefined) throw this.fault;
  }
}

function caching(disk = new FaultyCache()) {
  const time = { ms: 0 };
  const faults: Diagnostic[] = [];
  let ids = 0;
  const cache = new ResultCache({
    clock: { now: () => time.ms },
    rng: { uuid: () => `mark-${(ids += 1)}-${Math.random()}` },
    maxEntries: 3,
    stores: { disk },
    onFault: (fault) => faults.push(fault),
  });
  return { cache, time, disk, faults };
}

const node = (spec: Partial<CacheSpec> = {}, codeHash?: string): CachedNode => ({
  identifier: 'price',
  codeHash,
  spec: { tier: 'memory', ...spec },
});

/** Gives 1, 2, 3, ... on its calls. */
function counting() {
  const calls = { count: 0 };
  return { calls, compute: () => Promise.resolve((calls.count += 1)) };
}

const TIERS = ['memory', 'disk'] as const;

describe.each(TIERS)('ResultCache, tier %s', (tier) => {
  it('executes once for equal inputs', async () => {
    const { cache } = caching();
    const { compute } = counting();
    const input = { b: [1n, 'x'], a: null };
    const equal = { a: null, b: [1, 'x'] };
    expect(await cache.through(node({ tier }), input, compute)).toEqual({ value: 1, hit: false });
    expect(await cache.through(node({ tier }), equal, compute)).toEqual({ value: 1, hit: true });
    expect(await cache.through(node({ tier }), { a: 1 }, compute)).toEqual({
      value: 2,
      hit: false,
    });
  });

  it.each<[string, CachedNode]>([
    ['handler', { ...node({ tier }), identifier: 'other' }],
    ['code', node({ tier }, 'ff')],
    ['pin', node({ tier, pin: 'v2' })],
  ])('executes again for another %s', async (_, other) => {
    const { cache } = caching();
    const { compute } = counting();
    await cache.through(node({ tier }), 5, compute);
    expect(await cache.through(other, 5, compute)).toEqual({ value: 2, hit: false });
  });

  it('shares one computation among all who ask meanwhile', async () => {
    const { cache } = caching();
    const { compute, calls } = counting();
    const all = await Promise.all(
      Array.from({ length: 20 }, () => cache.through(node({ tier }), 'k', compute)),
    );
    expect(calls.count).toBe(1);
    expect(all.map((r) => r.value)).toEqual(new Array(20).fill(1));
    expect(all.filter((r) => !r.hit).length).toBe(1);
  });

  it('lets each who waited for a failure compute for itself, and keeps nothing of it', async () => {
    const { cache } = caching();
    let calls = 0;
    const failsTwice = async () => {
      calls += 1;
      await null;
      if (calls <= 2) throw new Error(`failure ${calls}`);
      return calls;
    };
    const all = await Promise.allSettled(
      [1, 2, 3, 4].map(() => cache.through(node({ tier }), 'k', failsTwice)),
    );
    expect(all.map((r) => (r.status === 'fulfilled' ? r.value.value : String(r.reason)))).toEqual([
      'Error: failure 1',
      'Error: failure 2',
      3,
      3,
    ]);
  });

  it('keeps null, but not nothing', async () => {
    const { cache } = caching();
    const calls: string[] = [];
    const giving = (value: Value | undefined) => () => {
      calls.push(String(value));
      return Promise.resolve(value);
    };
    await cache.through(node({ tier }), 1, giving(undefined));
    await Promise.all([1, 2].map(() => cache.through(node({ tier }), 1, giving(undefined))));
    await cache.through(node({ tier }), 1, giving(null));
    expect(await cache.through(node({ tier }), 1, giving(7))).toEqual({ value: null, hit: true });
    expect(calls).toEqual(['undefined', 'undefined', 'undefined', 'null']);
  });

  it('forgets what depends on a resource that was written to', async () => {
    const { cache } = caching();
    const { compute } = counting();
    const reader = node({ tier, invalidate_on: ['resource::kv', 'resource::db::read'] });
    const ask = async () => (await cache.through(reader, 'k', compute)).value;
    expect([await ask(), await ask()]).toEqual([1, 1]);
    await cache.invalidate('resource::http::write');
    expect(await ask()).toBe(1);
    await cache.invalidate('resource::kv::write');
    expect([await ask(), await ask()]).toEqual([2, 2]);
    await cache.invalidate('resource::db::write');
    expect([await ask(), await ask()]).toEqual([3, 3]);
  });

  it('does not keep under the new state what was computed before a write', async () => {
    const { cache } = caching();
    const reader = node({ tier, invalidate_on: ['resource::kv'] });
    let release!: (value: Value) => void;
    const slow = cache.through(reader, 'k', () => new Promise((resolve) => (release = resolve)));
    await new Promise((resolve) => setImmediate(resolve));
    await cache.invalidate('resource::kv::write');
    release('old');
    expect(await slow).toEqual({ value: 'old', hit: false });
    expect(await cache.through(reader, 'k', () => Promise.resolve('new'))).toEqual({
      value: 'new',
      hit: false,
    });
  });

  it('gives back any value', async () => {
    const value = fc.oneof(fc.jsonValue(), fc.bigInt(), fc.uint8Array()) as fc.Arbitrary<Value>;
    await fc.assert(
      fc.asyncProperty(value, value, async (key, result) => {
        const { cache } = caching();
        const compute = () => Promise.resolve(result);
        await cache.through(node({ tier }), key, compute);
        const refuse = () => Promise.reject(new Error('not cached'));
        const again = await cache.through(node({ tier }), key, refuse);
        expect(again.hit).toBe(true);
        expect(encodeCanonical(again.value!)).toEqual(encodeCanonical(result));
      }),
      { numRuns: 50 },
    );
  });
});

describe('the memory tier', () => {
  it('is bounded, and forgets by the clock that it was given', async () => {
    const { cache, time } = caching();
    const { compute, calls } = counting();
    const short = node({ ttl_ms: 10 });
    for (const key of [1, 2, 3, 4, 1]) await cache.through(node(), key, compute);
    expect(calls.count).toBe(5);
    await cache.through(short, 'x', compute);
    time.ms = 9;
    expect((await cache.through(short, 'x', compute)).hit).toBe(true);
    time.ms = 10;
    expect((await cache.through(short, 'x', compute)).hit).toBe(false);
  });
});

describe('a stored tier', () => {
  it('passes the time to the store, and serves other processes', async () => {
    const { cache, disk } = caching();
    const { compute } = counting();
    const shared = node({ tier: 'disk', ttl_ms: 500, invalidate_on: ['resource::kv'] });
    await cache.through(shared, 'k', compute);
    expect([...disk.entries.values()].map((e) => e.ttlMs)).toEqual([500]);
    const other = caching(disk).cache;
    expect(await other.through(shared, 'k', compute)).toEqual({ value: 1, hit: true });
    await other.invalidate('resource::kv::write');
    expect(await cache.through(shared, 'k', compute)).toEqual({ value: 2, hit: false });
  });

  it('executes the node where the store fails, and reports it', async () => {
    const { cache, disk, faults } = caching();
    const { compute } = counting();
    disk.fault = new Error('connection lost');
    expect(await cache.through(node({ tier: 'disk' }), 1, compute)).toEqual({
      value: 1,
      hit: false,
    });
    expect(faults.map((f) => `${f.severity} ${f.code}: ${f.message}`)).toEqual([
      'warning RUN351: The disk cache cannot be used (read): connection lost',
      'warning RUN351: The disk cache cannot be used (write): connection lost',
    ]);
  });

  it.each<[string, (bytes: Uint8Array) => Uint8Array]>([
    ['truncated', (b) => b.slice(0, -1)],
    ['altered', (b) => b.map((x, i) => (i === b.length - 1 ? x ^ 1 : x))],
    ['empty', () => new Uint8Array()],
    ['something else', () => new Uint8Array([0xf6])],
  ])('executes the node where an entry is %s, and removes it', async (_, harm) => {
    const { cache, disk, faults } = caching();
    const { compute } = counting();
    await cache.through(node({ tier: 'disk' }), 1, compute);
    const [[key, entry]] = [...disk.entries] as [[string, { value: Uint8Array; ttlMs: undefined }]];
    disk.entries.set(key, { ...entry, value: harm(entry.value) });
    expect(await cache.through(node({ tier: 'disk' }), 1, compute)).toEqual({
      value: 2,
      hit: false,
    });
    expect(faults.map((f) => f.message)).toEqual([
      'The disk cache cannot be used (read): an entry is damaged',
    ]);
    expect(await cache.through(node({ tier: 'disk' }), 1, compute)).toEqual({
      value: 2,
      hit: true,
    });
  });

  it('is refused where nothing is bound', async () => {
    const { cache } = caching();
    const { compute, calls } = counting();
    await expect(cache.through(node({ tier: 'redis' }), 1, compute)).rejects.toThrow(
      'RUN350: No cache store is bound for the tier redis.',
    );
    expect(calls.count).toBe(0);
  });
});

import fc from 'fast-check';
import {
  HOSTILE_KEYS,
  codeOf,
  diskRow,
  memoryRow,
  type ProviderRow,
} from '../test/store-fixture.js';
import { cacheCost, type CacheBounds } from './cache-bounds.js';
import type { CacheStore } from './capability-set.js';
import { VirtualClock } from './clock/virtual-clock.js';
import { diskCache } from './disk/disk-cache.js';
import { memoryCache } from './memory/memory-cache.js';

type Options = CacheBounds & { clock?: VirtualClock };

const rows: ProviderRow<CacheStore, Options>[] = [
  memoryRow('memoryCache', memoryCache),
  diskRow('diskCache', diskCache),
];

const step = fc.record({
  kind: fc.constantFrom('set', 'set', 'get', 'get', 'remove', 'advance'),
  key: fc.constantFrom('a', 'b', 'c', 'd', 'e', '\0', ''),
  value: fc.uint8Array({ maxLength: 30 }),
  ms: fc.integer({ min: 1, max: 40 }),
});

/** The plainest LRU: an array of entries, the most recently used last. */
class ModelCache {
  entries: { key: string; value: Uint8Array; endsAt: number }[] = [];
  constructor(readonly bounds: Required<CacheBounds>) {}

  remove(key: string): void {
    this.entries = this.entries.filter((e) => e.key !== key);
  }

  get(key: string, now: number): Uint8Array | undefined {
    const entry = this.entries.find((e) => e.key === key);
    if (entry === undefined) return undefined;
    this.remove(key);
    if (entry.endsAt <= now) return undefined;
    this.entries.push(entry);
    return entry.value;
  }

  set(key: string, value: Uint8Array, endsAt: number): void {
    this.remove(key);
    const cost = (e: { key: string; value: Uint8Array }) => cacheCost(e.key, e.value.length);
    if (cost({ key, value }) > this.bounds.maxBytes) return;
    this.entries.push({ key, value, endsAt });
    const over = () =>
      this.entries.length > this.bounds.maxEntries ||
      this.entries.reduce((sum, e) => sum + cost(e), 0) > this.bounds.maxBytes;
    while (over()) this.entries.shift();
  }
}

describe.each(rows)('%s', (_, open) => {
  it('behaves like a list in order of use', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const clock = new VirtualClock();
        const bounds = { maxEntries: 3, maxBytes: 60 };
        const { provider, close } = await open({ ...bounds, clock });
        const model = new ModelCache(bounds);
        for (const { kind, key, value, ms } of steps) {
          if (kind === 'advance') clock.advance(ms);
          else if (kind === 'get') {
            expect(await provider.get(key)).toEqual(model.get(key, clock.now()));
          } else if (kind === 'remove') {
            await provider.remove(key);
            model.remove(key);
          } else {
            await provider.set(key, value, { ttlMs: ms });
            model.set(key, value, clock.now() + ms);
          }
        }
        await close();
      }),
      { numRuns: 60 },
    );
  });

  it('takes hostile keys', async () => {
    const { provider, close } = await open({});
    await Promise.all(HOSTILE_KEYS.map((key, i) => provider.set(key, Uint8Array.of(i))));
    const found = await Promise.all(HOSTILE_KEYS.map((key) => provider.get(key)));
    expect(found).toEqual(HOSTILE_KEYS.map((_key, i) => Uint8Array.of(i)));
    await close();
  });

  it('holds nothing when its bounds are 0, and refuses bad arguments', async () => {
    const { provider, close } = await open({ maxEntries: 0 });
    await provider.set('k', Uint8Array.of(1));
    const codes = await Promise.all([
      codeOf(provider.set('k', 'x' as never)),
      codeOf(provider.set('k', Uint8Array.of(1), { ttlMs: 0 })),
      codeOf(provider.set(1 as never, Uint8Array.of(1))),
      codeOf(provider.get(null as never)),
      codeOf(provider.remove(null as never)),
    ]);
    expect(codes).toEqual(Array.from({ length: 5 }, () => 'CAP103'));
    expect(await provider.get('k')).toBeUndefined();
    await close();
  });
});

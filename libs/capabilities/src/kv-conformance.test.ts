import fc from 'fast-check';
import {
  HOSTILE_KEYS,
  codeOf,
  diskRow,
  memoryRow,
  type ProviderRow,
} from '../test/store-fixture.js';
import type { KeyValueStore } from './capability-set.js';
import { VirtualClock } from './clock/virtual-clock.js';
import { diskKv } from './disk/disk-kv.js';
import { memoryKv } from './memory/memory-kv.js';

interface Options {
  clock?: VirtualClock;
  maxValueBytes?: number;
}

const bytes = (text: string) => new Uint8Array(Buffer.from(text));
const rows: ProviderRow<KeyValueStore, Options>[] = [
  memoryRow('memoryKv', memoryKv),
  diskRow('diskKv', diskKv),
];

type Step =
  | { kind: 'put'; key: string; value: Uint8Array; ttlMs: number | undefined }
  | { kind: 'get'; key: string }
  | { kind: 'delete'; key: string }
  | { kind: 'advance'; ms: number };

const key = fc.oneof(fc.constantFrom('a', 'b', 'c'), fc.constantFrom(...HOSTILE_KEYS.slice(0, 12)));
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('put' as const),
    key,
    value: fc.uint8Array({ maxLength: 20 }),
    ttlMs: fc.option(fc.integer({ min: 1, max: 30 }), { nil: undefined }),
  }),
  fc.record({ kind: fc.constant('get' as const), key }),
  fc.record({ kind: fc.constant('delete' as const), key }),
  fc.record({ kind: fc.constant('advance' as const), ms: fc.nat(20) }),
);

describe.each(rows)('%s', (_, open) => {
  it('behaves like a Map whose entries end', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const clock = new VirtualClock();
        const { provider: kv, close } = await open({ clock });
        const model = new Map<string, { value: Uint8Array; endsAt: number }>();
        const living = (name: string) => {
          const entry = model.get(name);
          return entry !== undefined && entry.endsAt > clock.now() ? entry.value : undefined;
        };
        for (const s of steps) {
          if (s.kind === 'advance') clock.advance(s.ms);
          else if (s.kind === 'get') expect(await kv.get(s.key)).toEqual(living(s.key));
          else if (s.kind === 'delete') {
            expect(await kv.delete(s.key)).toBe(living(s.key) !== undefined);
            model.delete(s.key);
          } else {
            await kv.put(s.key, s.value, s.ttlMs === undefined ? {} : { ttlMs: s.ttlMs });
            model.set(s.key, { value: s.value, endsAt: clock.now() + (s.ttlMs ?? Infinity) });
          }
        }
        for (const name of model.keys()) expect(await kv.get(name)).toEqual(living(name));
        await close();
      }),
      { numRuns: 40 },
    );
  });

  it('tells hostile keys apart', async () => {
    const { provider: kv, close } = await open({});
    await Promise.all(HOSTILE_KEYS.map((name, index) => kv.put(name, bytes(String(index)))));
    const found = await Promise.all(HOSTILE_KEYS.map((name) => kv.get(name)));
    expect(found).toEqual(HOSTILE_KEYS.map((_name, index) => bytes(String(index))));
    await close();
  });

  it('keeps its own copy of what it takes and gives', async () => {
    const { provider: kv, close } = await open({});
    const value = bytes('abc');
    const putting = kv.put('k', value);
    value.fill(0);
    await putting;
    (await kv.get('k'))!.fill(1);
    expect(await kv.get('k')).toEqual(bytes('abc'));
    expect((await kv.get('k'))!.constructor).toBe(Uint8Array);
    await close();
  });

  it('orders writes of one key as they were asked for', async () => {
    const { provider: kv, close } = await open({});
    await Promise.all(Array.from({ length: 50 }, (_x, i) => kv.put('k', bytes(String(i)))));
    expect(await kv.get('k')).toEqual(bytes('49'));
    await close();
  });

  it('refuses bad arguments and keeps what it has', async () => {
    const { provider: kv, close } = await open({ maxValueBytes: 10 });
    await kv.put('k', bytes('0123456789'));
    const codes = await Promise.all([
      codeOf(kv.put('k', new Uint8Array(11))),
      codeOf(kv.put('k', 'text' as never)),
      codeOf(kv.put('k', null as never)),
      codeOf(kv.put(7 as never, bytes('x'))),
      codeOf(kv.get(undefined as never)),
      codeOf(kv.delete({} as never)),
      codeOf(kv.put('k', bytes('x'), { ttlMs: 0 })),
      codeOf(kv.put('k', bytes('x'), { ttlMs: -1 })),
      codeOf(kv.put('k', bytes('x'), { ttlMs: NaN })),
      codeOf(kv.put('k', bytes('x'), { ttlMs: '5' as never })),
    ]);
    expect(codes).toEqual(['CAP104', ...Array.from({ length: 9 }, () => 'CAP103')]);
    expect(await kv.get('k')).toEqual(bytes('0123456789'));
    await close();
  });
});

import fc from 'fast-check';
import {
  HOSTILE_KEYS,
  codeOf,
  diskRow,
  memoryRow,
  type ProviderRow,
} from '../test/store-fixture.js';
import type { DedupeStore } from './capability-set.js';
import { VirtualClock } from './clock/virtual-clock.js';
import { diskDedupe } from './disk/disk-dedupe.js';
import { memoryDedupe } from './memory/memory-dedupe.js';

const rows: ProviderRow<DedupeStore, { clock?: VirtualClock }>[] = [
  memoryRow('memoryDedupe', memoryDedupe),
  diskRow('diskDedupe', diskDedupe),
];

const step = fc.record({
  kind: fc.constantFrom('put' as const, 'put' as const, 'forget' as const, 'advance' as const),
  key: fc.constantFrom('a', 'b', 'c', '\0'),
  ms: fc.integer({ min: 1, max: 30 }),
});

describe.each(rows)('%s', (_, open) => {
  it('behaves like a Map of end times', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const clock = new VirtualClock();
        const { provider, close } = await open({ clock });
        const ends = new Map<string, number>();
        for (const { kind, key, ms } of steps) {
          if (kind === 'advance') clock.advance(ms);
          else if (kind === 'forget') {
            await provider.forget(key);
            ends.delete(key);
          } else {
            const absent = !((ends.get(key) ?? -1) > clock.now());
            expect(await provider.putIfAbsent(key, ms)).toBe(absent);
            if (absent) ends.set(key, clock.now() + ms);
          }
        }
        await close();
      }),
      { numRuns: 40 },
    );
  });

  it('lets exactly one of many concurrent callers win', async () => {
    const { provider, close } = await open({});
    const keys = HOSTILE_KEYS.flatMap((key) => Array.from({ length: 10 }, () => key));
    const won = await Promise.all(keys.map((key) => provider.putIfAbsent(key, 60_000)));
    const winners = keys.filter((_key, index) => won[index]);
    expect(winners).toEqual(HOSTILE_KEYS);
    await close();
  });

  it('refuses bad arguments', async () => {
    const { provider, close } = await open({});
    const codes = await Promise.all([
      codeOf(provider.putIfAbsent('k', 0)),
      codeOf(provider.putIfAbsent('k', NaN)),
      codeOf(provider.putIfAbsent(null as never, 1)),
      codeOf(provider.forget(1 as never)),
    ]);
    expect(codes).toEqual(['CAP103', 'CAP103', 'CAP103', 'CAP103']);
    expect(await provider.putIfAbsent('k', Infinity)).toBe(true);
    await close();
  });
});

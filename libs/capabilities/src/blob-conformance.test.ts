import fc from 'fast-check';
import {
  HOSTILE_KEYS,
  codeOf,
  diskRow,
  memoryRow,
  type ProviderRow,
} from '../test/store-fixture.js';
import type { BlobStore } from './capability-set.js';
import { diskBlob } from './disk/disk-blob.js';
import { memoryBlob } from './memory/memory-blob.js';

const rows: ProviderRow<BlobStore, { maxValueBytes?: number }>[] = [
  memoryRow('memoryBlob', memoryBlob),
  diskRow('diskBlob', diskBlob),
];

const step = fc.record({
  kind: fc.constantFrom('put' as const, 'get' as const, 'delete' as const),
  key: fc.constantFrom('a', 'b', ...HOSTILE_KEYS.slice(0, 8)),
  value: fc.uint8Array({ maxLength: 40 }),
});

describe.each(rows)('%s', (_, open) => {
  it('behaves like a Map', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
        const { provider: blob, close } = await open({});
        const model = new Map<string, Uint8Array>();
        for (const { kind, key, value } of steps) {
          if (kind === 'get') expect(await blob.get(key)).toEqual(model.get(key));
          else if (kind === 'delete') expect(await blob.delete(key)).toBe(model.delete(key));
          else {
            await blob.put(key, value);
            model.set(key, value);
          }
        }
        for (const [key, value] of model) expect(await blob.get(key)).toEqual(value);
        await close();
      }),
      { numRuns: 25 },
    );
  });

  it('tells hostile keys apart', async () => {
    const { provider: blob, close } = await open({});
    const content = (index: number) => Uint8Array.of(index);
    await Promise.all(HOSTILE_KEYS.map((key, index) => blob.put(key, content(index))));
    const found = await Promise.all(HOSTILE_KEYS.map((key) => blob.get(key)));
    expect(found).toEqual(HOSTILE_KEYS.map((_key, index) => content(index)));
    await close();
  });

  it('shows a reader a whole content, never a mixture', async () => {
    const { provider: blob, close } = await open({});
    await blob.put('k', new Uint8Array(100_000));
    const writes = [1, 2, 3].map((fill) => blob.put('k', new Uint8Array(100_000).fill(fill)));
    const reads = await Promise.all(Array.from({ length: 10 }, () => blob.get('k')));
    await Promise.all(writes);
    const kinds = reads.map((content) => [content!.length, new Set(content).size]);
    expect(kinds).toEqual(reads.map(() => [100_000, 1]));
    await close();
  });

  it('keeps its own copy, and refuses bad arguments', async () => {
    const { provider: blob, close } = await open({ maxValueBytes: 4 });
    const value = Uint8Array.of(1, 2, 3, 4);
    const putting = blob.put('k', value);
    value.fill(0);
    await putting;
    const codes = await Promise.all([
      codeOf(blob.put('k', new Uint8Array(5))),
      codeOf(blob.put('k', [1] as never)),
      codeOf(blob.put(1 as never, value)),
      codeOf(blob.get(null as never)),
      codeOf(blob.delete(undefined as never)),
    ]);
    expect(codes).toEqual(['CAP104', 'CAP103', 'CAP103', 'CAP103', 'CAP103']);
    expect(await blob.get('k')).toEqual(Uint8Array.of(1, 2, 3, 4));
    await close();
  });
});

import fc from 'fast-check';
import {
  HOSTILE_KEYS,
  codeOf,
  diskRow,
  memoryRow,
  type ProviderRow,
} from '../test/store-fixture.js';
import type { QueueStore } from './capability-set.js';
import { diskQueue } from './disk/disk-queue.js';
import { memoryQueue } from './memory/memory-queue.js';

const rows: ProviderRow<QueueStore, { maxValueBytes?: number }>[] = [
  memoryRow('memoryQueue', memoryQueue),
  diskRow('diskQueue', diskQueue),
];

const step = fc.record({
  take: fc.boolean(),
  // Names that begin with one another must not share messages.
  queue: fc.constantFrom('', 'a', 'ab', 'a\0', '\ud800'),
  message: fc.uint8Array({ maxLength: 8 }),
});

describe.each(rows)('%s', (_, open) => {
  it('behaves like a Map of arrays, first in first out', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const { provider, close } = await open({});
        const model = new Map<string, Uint8Array[]>();
        const line = (queue: string) => {
          if (!model.has(queue)) model.set(queue, []);
          return model.get(queue)!;
        };
        for (const { take, queue, message } of steps) {
          if (take) expect(await provider.dequeue(queue)).toEqual(line(queue).shift());
          else {
            await provider.enqueue(queue, message);
            line(queue).push(message);
          }
          expect(await provider.size(queue)).toBe(line(queue).length);
        }
        await close();
      }),
      { numRuns: 40 },
    );
  });

  it('keeps the order of concurrent calls, and hands no message out twice', async () => {
    const { provider, close } = await open({});
    const numbers = Array.from({ length: 300 }, (_x, i) => i);
    await Promise.all(
      numbers.map((n) => provider.enqueue('q', new Uint8Array(Uint16Array.of(n).buffer))),
    );
    const taken = await Promise.all(numbers.map(() => provider.dequeue('q')));
    expect(taken.map((m) => new Uint16Array(m!.buffer.slice(0, 2))[0])).toEqual(numbers);
    expect([await provider.dequeue('q'), await provider.size('q')]).toEqual([undefined, 0]);
    await close();
  });

  it('takes hostile queue names', async () => {
    const { provider, close } = await open({});
    for (const [i, name] of HOSTILE_KEYS.entries()) await provider.enqueue(name, Uint8Array.of(i));
    const taken: (Uint8Array | undefined)[] = [];
    for (const name of HOSTILE_KEYS) taken.push(await provider.dequeue(name));
    expect(taken).toEqual(HOSTILE_KEYS.map((_name, i) => Uint8Array.of(i)));
    await close();
  });

  it('refuses bad arguments', async () => {
    const { provider, close } = await open({ maxValueBytes: 4 });
    const codes = await Promise.all([
      codeOf(provider.enqueue('q', new Uint8Array(5))),
      codeOf(provider.enqueue('q', 'x' as never)),
      codeOf(provider.enqueue(1 as never, new Uint8Array(1))),
      codeOf(provider.dequeue(null as never)),
      codeOf(provider.size(undefined as never)),
    ]);
    expect(codes).toEqual(['CAP104', 'CAP103', 'CAP103', 'CAP103', 'CAP103']);
    expect(await provider.size('q')).toBe(0);
    await close();
  });
});

import { memoryBlob, memoryDedupe, type BlobStore } from '@basalt/capabilities';
import { encodeCanonical, type Value } from '@basalt/ir';
import { compilePlan } from '../plan/compile-plan.js';
import type { NodeContext } from '../node-handler.js';
import { startRun } from './run.js';
import { bundleOf, gather, pass, type FlowFixture } from '../testing/flow-fixture.js';
import { MemoryJournal } from '../testing/memory-journal.js';

const deterministic = { seed: 1 };

const numbers = (count: number) =>
  async function* () {
    for (let i = 0; i < count; i += 1) yield i;
  };

/** Emits all numbers at once, so that the edge fills. */
const burst =
  (count: number) =>
  (_: Value, { emit }: NodeContext) => {
    for (let i = 0; i < count; i += 1) void emit(i);
  };

const streamOf = async (fixture: FlowFixture, host: object = {}, payload: Value = null) => {
  const run = startRun(compilePlan(bundleOf(fixture)), { payload, mode: 'stream' }, host);
  const values = await gather(run.outputs());
  return { values, run, result: await run.result };
};

describe('a full edge', () => {
  const to = (on_drop: string) => ({
    nodes: { in: burst(10), out: pass },
    edges: [{ edge: 'in -> out', buffer: { max_items: 3, on_drop } }],
  });

  it('holds its sender back', async () => {
    const { values, run } = await streamOf(to('block'));
    expect(values).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(run.stats().dropped).toBe(0);
  });

  it('drops the newest or the oldest, and counts what it drops', async () => {
    const newest = await streamOf(to('drop_newest'));
    expect(newest.values).toEqual([0, 1, 2]);
    expect(newest.run.stats().dropped).toBe(7);
    const oldest = await streamOf(to('drop_oldest'));
    expect(oldest.values).toEqual([7, 8, 9]);
    expect(oldest.run.stats().dropped).toBe(7);
  });

  it('fails where it is told to', async () => {
    const run = startRun(compilePlan(bundleOf(to('fail'))), { payload: null });
    expect((await run.result).diagnostics.map(({ message }) => message)).toEqual([
      'The edge in -> out is full: 3 messages wait on it.',
    ]);
  });
});

describe('an edge that stays full', () => {
  it('is reported', async () => {
    const { result } = await streamOf(
      {
        nodes: {
          in: burst(4),
          out: async (n: Value, { clock }: NodeContext) => {
            await clock.sleep(11_000);
            return n;
          },
        },
        edges: [{ edge: 'in -> out', buffer: { max_items: 1 } }],
      },
      { deterministic },
    );
    expect(result.diagnostics.map(({ message }) => message)).toEqual([
      'The edge in->out has been full for 22000 ms; out does not take its messages.',
    ]);
  });
});

describe('the time limit of an edge', () => {
  const slow = (delivery: string, surfaces: FlowFixture['surfaces'] = []) => ({
    nodes: {
      in: numbers(3),
      work: async (n: number, { clock }: NodeContext) => {
        await clock.sleep(100);
        return n;
      },
      caught: ({ input }: { input: number }) => ({ late: input }),
      out: pass,
    },
    edges: [
      { edge: 'in -> work', timeout_ms: 150, delivery: delivery as 'at_least_once' },
      'work -> out',
      ...(surfaces.length > 0 ? ['work -> caught', 'caught -> out'] : []),
    ],
    surfaces,
  });

  it('drops a message that is delivered at most once', async () => {
    const run = startRun(
      compilePlan(bundleOf(slow('at_most_once'))),
      { payload: null, capture: 'out', mode: 'stream' },
      { deterministic },
    );
    expect(await gather(run.outputs())).toEqual([0, 1]);
    expect(run.stats().dropped).toBe(1);
  });

  it('is a failure of any other', async () => {
    const run = startRun(
      compilePlan(bundleOf(slow('at_least_once'))),
      { payload: null, capture: 'out' },
      { deterministic },
    );
    expect((await run.result).diagnostics.map(({ message }) => message)).toEqual([
      'A message on the edge in->work took longer than its limit of 150 ms.',
    ]);
  });

  it('is handled like a failure of the target', async () => {
    const surfaces = [
      ['error_handler', { scope: { nodes: ['work'] }, strategy: 'continue', handler: 'caught' }],
    ] as const;
    const run = startRun(
      compilePlan(bundleOf(slow('at_least_once', surfaces as never))),
      { payload: null, capture: 'out', mode: 'stream' },
      { deterministic },
    );
    expect(await gather(run.outputs())).toEqual([0, { late: 2 }, 1]);
  });
});

describe('exactly once', () => {
  const fixture = (work: (order: { id: number }) => Value): FlowFixture => ({
    nodes: {
      in: async function* (orders: readonly object[]) {
        yield* orders;
      } as never,
      work: {
        run: work,
        idempotency: { key: '/id', ttlMs: 300_000 },
        effectHints: ['resource::dedupe::write'],
      },
    },
    edges: [{ edge: 'in -> work', delivery: 'exactly_once' }],
  });
  const orders = [{ id: 1 }, { id: 2 }, { id: 1 }];

  it('lets each key through once, across executions', async () => {
    const capabilities = { dedupe: memoryDedupe() };
    const first = await streamOf(
      fixture(({ id }) => id),
      { capabilities },
      orders,
    );
    expect(first.values).toEqual([1, 2]);
    expect(first.run.stats().dropped).toBe(1);
    const second = await streamOf(
      fixture(({ id }) => id),
      { capabilities },
      [{ id: 2 }, { id: 3 }],
    );
    expect(second.values).toEqual([3]);
  });

  it('gives the key back when the message failed', async () => {
    const capabilities = { dedupe: memoryDedupe() };
    const failing = fixture(() => {
      throw new Error('down');
    });
    const run = startRun(compilePlan(bundleOf(failing)), { payload: orders }, { capabilities });
    expect((await run.result).status).toBe('failed');
    const again = await streamOf(
      fixture(({ id }) => id),
      { capabilities },
      [{ id: 1 }],
    );
    expect(again.values).toEqual([1]);
  });

  it('gives the key back when the execution was cancelled in the middle', async () => {
    const capabilities = { dedupe: memoryDedupe() };
    const hanging = fixture((() => new Promise(() => undefined)) as never);
    const run = startRun(
      compilePlan(bundleOf(hanging)),
      { payload: [{ id: 1 }] },
      { capabilities, graceMs: 0 },
    );
    await new Promise((resolve) => setImmediate(resolve));
    await run.cancel();
    const again = await streamOf(
      fixture(({ id }) => id),
      { capabilities },
      [{ id: 1 }],
    );
    expect(again.values).toEqual([1]);
  });

  it('tells another input with the same key from a repeat', async () => {
    const host = { capabilities: { dedupe: memoryDedupe() } };
    const payload = [
      { id: 1, amount: 5 },
      { id: 1, amount: 6 },
    ];
    const run = startRun(compilePlan(bundleOf(fixture(({ id }) => id))), { payload }, host);
    const result = await run.result;
    expect(result.diagnostics.map(({ code }) => code)).toEqual(['IDEM099']);
    expect(result.summary.errors).toEqual([
      { alias: 'work', error_kind: 'dedupe_failed', count: 1 },
    ]);
  });

  it('needs a store', async () => {
    const run = startRun(compilePlan(bundleOf(fixture(({ id }) => id))), { payload: orders });
    const result = await run.result;
    expect(result.diagnostics.map(({ code, details }) => [code, details])).toEqual([
      ['CAP101', { hints: ['resource::dedupe::write'] }],
    ]);
    expect(result.summary.nodes).toEqual([]);
  });
});

describe('spilling', () => {
  const fixture = (buffer: object, count = 20): FlowFixture => ({
    nodes: {
      in: burst(count),
      out: {
        run: async (n: Value, { clock }) => {
          await clock.sleep(1);
          return n;
        },
        effectHints: ['resource::blob::write'],
      },
    },
    edges: [{ edge: 'in -> out', buffer }],
  });

  function watched(): { blob: BlobStore; keys: Set<string>; puts: string[] } {
    const inner = memoryBlob();
    const keys = new Set<string>();
    const puts: string[] = [];
    const blob: BlobStore = {
      get: (key) => inner.get(key),
      put: async (key, value) => {
        puts.push(key);
        keys.add(key);
        await inner.put(key, value);
      },
      delete: async (key) => {
        keys.delete(key);
        return inner.delete(key);
      },
    };
    return { blob, keys, puts };
  }

  it('takes what an edge has no room for, in order, and leaves nothing behind', async () => {
    const { blob, keys, puts } = watched();
    const { values, result } = await streamOf(fixture({ max_items: 2, spill_tier: 'local' }), {
      deterministic,
      capabilities: { blob },
    });
    expect(values).toEqual(Array.from({ length: 20 }, (_, i) => i));
    expect(puts).toHaveLength(18);
    expect(keys.size).toBe(0);
    expect(result.diagnostics.map(({ code, severity }) => [code, severity])).toEqual([
      ['RUN040', 'info'],
    ]);
  });

  it('takes messages that are too large for memory', async () => {
    const { blob, puts } = watched();
    const big = { text: 'x'.repeat(600) };
    const { values } = await streamOf(
      {
        ...fixture({ max_items: 1, spill_tier: 'local', spill_threshold_bytes: 512 }),
        nodes: {
          in: pass,
          out: { run: pass, effectHints: ['resource::blob::write'] },
        },
      },
      { deterministic, capabilities: { blob } },
      big,
    );
    expect(values).toEqual([big]);
    expect(puts).toHaveLength(1);
  });

  it('fails with a code where the store fails, and where it alters bytes', async () => {
    const broken: BlobStore = {
      get: async () => undefined,
      put: async () => {
        throw new Error('disk full');
      },
      delete: async () => true,
    };
    const inner = memoryBlob();
    const altering: BlobStore = {
      get: async (key) => (await inner.get(key))?.map((byte) => byte ^ 1),
      put: (key, value) => inner.put(key, value),
      delete: (key) => inner.delete(key),
    };
    const codes: unknown[] = [];
    for (const blob of [broken, altering]) {
      const run = startRun(
        compilePlan(bundleOf(fixture({ max_items: 2, spill_tier: 'local' }))),
        { payload: null },
        { deterministic, capabilities: { blob } },
      );
      const { status, diagnostics } = await run.result;
      codes.push([status, diagnostics[0]!.code]);
    }
    expect(codes).toEqual([
      ['failed', 'RUN320'],
      ['failed', 'RUN322'],
    ]);
  });
});

describe('spilling with a journal', () => {
  const begun: Value[] = [];
  const plan = compilePlan(
    bundleOf({
      nodes: {
        in: burst(12),
        out: {
          run: async (n: Value, { clock }) => {
            await clock.sleep(1);
            begun.push(n);
            return n;
          },
          effects: 'effectful',
          idempotency: { key: '' },
          effectHints: ['resource::blob::write'],
        },
      },
      edges: [{ edge: 'in -> out', buffer: { max_items: 2, spill_tier: 'local' } }],
      surfaces: [['error_handler', { scope: { nodes: ['out'] }, strategy: 'continue' }]],
    }),
  );

  it('is interrupted where the store is full, and goes on from there', async () => {
    const inner = memoryBlob();
    const keys = new Set<string>();
    let room = 5;
    const blob: BlobStore = {
      get: (key) => inner.get(key),
      put: async (key, value) => {
        if (room === 0) throw new Error('no space is left');
        room -= 1;
        keys.add(key);
        await inner.put(key, value);
      },
      delete: async (key) => {
        keys.delete(key);
        return inner.delete(key);
      },
    };
    const host = { capabilities: { blob }, graceMs: 0 };
    const first = new MemoryJournal();
    const stopped = await startRun(plan, { payload: null, journal: first, mode: 'stream' }, host)
      .result;
    expect([stopped.status, stopped.diagnostics[0]!.code]).toEqual(['interrupted', 'RUN320']);
    expect(keys.size).toBe(0);
    // What a killed process would have left.
    room = Infinity;
    await blob.put('local/the-run/in-%3Eout/mark', encodeCanonical(8));
    await blob.put('local/the-run/in-%3Eout/7', new Uint8Array(3));
    const second = new MemoryJournal(first.records);
    const run = startRun(plan, { payload: null, journal: second, mode: 'stream' }, host);
    expect(await gather(run.outputs())).toEqual(Array.from({ length: 12 }, (_, i) => i));
    expect((await run.result).status).toBe('completed');
    expect(begun.toSorted((a, b) => Number(a) - Number(b))).toEqual(
      Array.from({ length: 12 }, (_, i) => i),
    );
    expect(keys.size).toBe(0);
  });
});

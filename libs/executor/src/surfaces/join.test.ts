import type { Value } from '@basalt/ir';
import { compilePlan } from '../plan/compile-plan.js';
import type { NodeContext } from '../node-handler.js';
import { runFlow, startRun } from '../run/run.js';
import { bundleOf, gather, pass, turns } from '../testing/flow-fixture.js';

const diamond = (config: object, more: Parameters<typeof bundleOf>[0]['nodes'] = {}) =>
  bundleOf({
    nodes: {
      start: pass,
      a: async (n: number) => {
        await turns(3);
        return n + 1;
      },
      b: (n: number) => n * 10,
      both: pass,
      ...more,
    },
    edges: ['start -> a', 'start -> b', 'a -> both', 'b -> both'],
    surfaces: [['join', { target: 'both', sources: ['a', 'b'], ...config }]],
  });

const codesOf = async (bundle: ReturnType<typeof bundleOf>, payload: Value) => {
  const result = await startRun(compilePlan(bundle), { payload }).result;
  return [result.status, result.diagnostics.map(({ code, message }) => `${code} ${message}`)];
};

describe('join', () => {
  it('fires once with the value of every source, in the order of the sources', async () => {
    const value = await runFlow(diamond({}), 4);
    expect(JSON.stringify(value)).toBe('{"a":5,"b":40}');
  });

  it('matches the parts of each item of a stream', async () => {
    const bundle = diamond(
      {},
      {
        start: async function* (n: number) {
          for (let i = 0; i < n; i += 1) yield i;
        },
      },
    );
    const run = startRun(compilePlan(bundle), { payload: 100, mode: 'stream' });
    expect(await gather(run.outputs())).toEqual(
      Array.from({ length: 100 }, (_, i) => ({ a: i + 1, b: i * 10 })),
    );
  });

  it('matches where one branch emits in a scope of its own', async () => {
    const a = (n: number, { emit }: NodeContext) => void emit(n + 1);
    expect(await runFlow(diamond({}, { a }), 4)).toEqual({ a: 5, b: 40 });
  });

  it('names the source that starves it', async () => {
    expect(await codesOf(diamond({}, { a: () => undefined }), 1)).toEqual([
      'failed',
      ['RUN111 Join join:0 at node both holds messages and waits for a, which can no longer come.'],
    ]);
  });

  it('fires with what came where that is enough', async () => {
    const bundle = diamond({ mode: 'available' }, { a: () => undefined });
    expect(await runFlow(bundle, 1)).toEqual({ b: 10 });
    const stream = diamond(
      { mode: 'available' },
      {
        start: async function* () {
          yield* [1, 2, 3, 4];
        },
        a: (n: number) => (n % 2 === 0 ? n : undefined),
      },
    );
    const run = startRun(compilePlan(stream), { payload: null, mode: 'stream' });
    expect(await gather(run.outputs())).toEqual([
      { b: 10 },
      { a: 2, b: 20 },
      { b: 30 },
      { a: 4, b: 40 },
    ]);
  });

  it('uses the first of several values of a source and says so', async () => {
    const a = async (n: number, { emit }: NodeContext) => {
      await emit(n);
      await emit(n + 1);
    };
    const run = startRun(compilePlan(diamond({}, { a })), { payload: 1 });
    const result = await run.result;
    expect(result.output).toEqual({ a: 1, b: 10 });
    expect(result.diagnostics.map(({ code }) => code)).toEqual(['RUN132']);
    expect(run.stats().dropped).toBe(1);
  });

  it.each([
    [
      'all',
      ['failed', ['TIME015 Join join:0, which waits for a, took longer than its limit of 50 ms.']],
    ],
    ['available', ['completed', []]],
  ])('waits no longer than its limit (%s)', async (mode, expected) => {
    const bundle = diamond(
      { mode, timeout_ms: 50 },
      {
        a: (_: Value, { clock, signal }: NodeContext) => clock.sleep(10_000, signal).then(() => 1),
      },
    );
    const result = await startRun(
      compilePlan(bundle),
      { payload: 1 },
      { deterministic: { seed: 1 } },
    ).result;
    expect([
      result.status,
      result.diagnostics
        .filter(({ severity }) => severity === 'error')
        .map(({ code, message }) => `${code} ${message}`),
    ]).toEqual(expected);
    if (mode === 'available') expect(result.output).toEqual({ b: 10 });
  });

  it('keeps an alias such as __proto__ as a key', async () => {
    const bundle = bundleOf({
      nodes: { start: pass, ['__proto__']: pass, both: pass },
      edges: ['start -> __proto__', '__proto__ -> both'],
      surfaces: [['join', { target: 'both', sources: ['__proto__'] }]],
    });
    const value = (await runFlow(bundle, 7)) as object;
    expect(Object.entries(value)).toEqual([['__proto__', 7]]);
  });
});

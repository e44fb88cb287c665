import { DiagnosticError } from '@basalt/diagnostics';
import { compilePlan } from '../plan/compile-plan.js';
import type { Invoke } from './host-options.js';
import { runFlow, startRun } from './run.js';
import { bundleOf, chain, pass } from '../testing/flow-fixture.js';

const add = (n: number) => (input: number) => input + n;

describe('runFlow', () => {
  it('runs a chain of synchronous handlers', async () => {
    const bundle = bundleOf({
      nodes: { a: add(1), b: add(10), c: add(100) },
      edges: chain('a', 'b', 'c'),
    });
    expect(await runFlow(bundle, 1)).toBe(112);
  });

  it('runs asynchronous handlers', async () => {
    const bundle = bundleOf({
      nodes: { a: async (n: number) => n + 1, b: add(10), c: async (n: number) => n * 2 },
      edges: chain('a', 'b', 'c'),
    });
    expect(await runFlow(bundle, 1)).toBe(24);
  });

  it('sends every output along every edge and takes the first capture', async () => {
    const seen: number[] = [];
    const bundle = bundleOf({
      nodes: {
        a: pass,
        b: add(1),
        c: add(2),
        out: (n: number) => {
          seen.push(n);
          return n;
        },
      },
      edges: ['a -> b', 'a -> c', 'b -> out', 'c -> out'],
    });
    const result = await startRun(compilePlan(bundle), { payload: 5 }).result;
    expect(result).toMatchObject({ status: 'completed', output: 6, diagnostics: [] });
    expect(seen).toEqual([6, 7]);
    expect(result.summary.nodes.map(({ alias, invocations }) => [alias, invocations])).toEqual([
      ['a', 1],
      ['b', 1],
      ['c', 1],
      ['out', 2],
    ]);
  });

  it('fails with the handler that threw, and never rejects the result', async () => {
    const bundle = bundleOf({
      nodes: {
        a: pass,
        b: () => {
          throw new Error('no');
        },
      },
      edges: ['a -> b'],
    });
    const run = startRun(compilePlan(bundle), { payload: null });
    const result = await run.result;
    expect(result.status).toBe('failed');
    expect(result.diagnostics.map(({ code, message }) => [code, message])).toEqual([
      ['RUN101', 'Node b failed on attempt 1: no'],
    ]);
    expect(result.summary.errors).toEqual([{ alias: 'b', error_kind: 'handler_error', count: 1 }]);
    await expect(runFlow(bundle, null)).rejects.toThrow(DiagnosticError);
  });
});

describe('startRun', () => {
  const synchronous = compilePlan(bundleOf({ nodes: { a: add(1), b: add(2) }, edges: ['a -> b'] }));

  it('has the result at once where nothing is waited for', async () => {
    const run = startRun(synchronous, { payload: 1, deadlineMs: 60_000 });
    expect(run.ended).toMatchObject({ status: 'completed', output: 4, diagnostics: [] });
    expect(await run.result).toBe(run.ended);
    expect(await run.output).toBe(4);
    const values = [];
    for await (const value of run.outputs()) values.push(value);
    expect(values).toEqual([4]);
  });

  it('has it later where a handler is waited for', async () => {
    const bundle = bundleOf({ nodes: { a: async (n: number) => n, b: add(2) }, edges: ['a -> b'] });
    const run = startRun(compilePlan(bundle), { payload: 1 });
    expect(run.ended).toBeUndefined();
    const reading = run.outputs().next();
    const result = await run.result;
    expect(run.ended).toBe(result);
    expect(await reading).toEqual({ value: 3, done: false });
  });

  it('leaves no timer behind where a limit was not needed', () => {
    const timers = () =>
      process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
    const before = timers();
    startRun(synchronous, { payload: 1, deadlineMs: 60_000 });
    expect(timers()).toBe(before);
  });

  it('checks the payload; against its schema, unless its caller has done so', async () => {
    const bundle = bundleOf({
      nodes: {
        a: { run: pass, in_schema: { kind: 'named', name: 'N' } },
      },
      edges: [],
      more: { schemas: { N: { type: 'number' } } },
    });
    const plan = compilePlan(bundle);
    const code = async (invoke: Partial<Invoke>) =>
      (await startRun(plan, { payload: 'x', ...invoke }).result).diagnostics.map((d) => d.code);
    expect(await code({})).toEqual(['RUN116']);
    expect(await code({ payload: undefined as never })).toEqual(['RUN117']);
    expect(await code({ payloadIsChecked: true })).toEqual([]);
    expect(await code({ payload: '\ud800', payloadIsChecked: true })).toEqual(['RUN117']);
  });
});

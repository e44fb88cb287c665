import { DiagnosticError } from '@basalt/diagnostics';
import { compilePlan } from '../plan/compile-plan.js';
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

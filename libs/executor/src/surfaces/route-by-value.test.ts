import type { Value } from '@basalt/ir';
import { compilePlan } from '../plan/compile-plan.js';
import { runFlow, startRun } from '../run/run.js';
import { bundleOf, pass } from '../testing/flow-fixture.js';

const label = (name: string) => (input: Value) => ({ name, input });
const resultOf = (bundle: ReturnType<typeof bundleOf>, payload: Value) =>
  startRun(compilePlan(bundle), { payload }).result;

describe('if', () => {
  const bundle = bundleOf({
    nodes: { a: pass, yes: label('yes'), no: label('no'), out: pass },
    edges: ['a -> yes', 'a -> no', 'yes -> out', 'no -> out'],
    surfaces: [['if', { source: 'a', selector_pointer: '/ok', then: 'yes', else: 'no' }]],
  });

  it('takes one branch', async () => {
    expect(await runFlow(bundle, { ok: true })).toEqual({ name: 'yes', input: { ok: true } });
    expect(await runFlow(bundle, { ok: false })).toEqual({ name: 'no', input: { ok: false } });
  });

  it.each([
    [{ ok: 1 }, '1'],
    [{}, 'absent'],
    [{ ok: 'true' }, '"true"'],
  ])('fails its source on %j', async (payload, found) => {
    const { diagnostics, summary } = await resultOf(bundle, payload);
    expect(diagnostics.map(({ code, message }) => [code, message])).toEqual([
      [
        'RUN120',
        `The if surface if:0 cannot route an output of node a: /ok is ${found}, not true or false.`,
      ],
    ]);
    expect(summary.errors).toEqual([{ alias: 'a', error_kind: 'routing_failed', count: 1 }]);
  });
});

describe('switch', () => {
  const nodes = { a: pass, eu: label('eu'), us: label('us'), rest: label('rest'), out: pass };
  const edges = ['a -> eu', 'a -> us', 'a -> rest', 'a -> out', 'eu -> out', 'us -> out'];
  const config = { source: 'a', selector_pointer: '/to', cases: { eu: 'eu', us: 'us' } };

  it('gates only the edges that it names', async () => {
    const bundle = bundleOf({ nodes, edges, surfaces: [['switch', config]] });
    const names: Value[] = [];
    const run = startRun(compilePlan(bundle), {
      payload: { to: 'us' },
      capture: 'out',
      mode: 'stream',
    });
    for await (const value of run.outputs()) names.push(value);
    expect(names).toEqual([{ to: 'us' }, { name: 'us', input: { to: 'us' } }]);
  });

  it('takes the default, and fails without one', async () => {
    const withDefault = bundleOf({
      nodes,
      edges,
      surfaces: [['switch', { ...config, default: 'rest' }]],
    });
    const result = await startRun(compilePlan(withDefault), {
      payload: { to: 'mars' },
      capture: 'rest',
    }).result;
    expect(result.output).toEqual({ name: 'rest', input: { to: 'mars' } });
    const without = bundleOf({ nodes, edges, surfaces: [['switch', config]] });
    const failed = await startRun(compilePlan(without), {
      payload: { to: '__proto__' },
      capture: 'out',
    }).result;
    expect(failed.diagnostics.map(({ code }) => code)).toEqual(['RUN120']);
  });
});

describe('malformed surfaces', () => {
  it('are all named', () => {
    const bundle = bundleOf({
      nodes: { a: pass, b: pass },
      edges: ['a -> b'],
      surfaces: [
        ['if', { source: 'a', selector_pointer: '/x', then: 'b' }],
        ['switch', { source: 'a', selector_pointer: '/x', cases: { one: 'nowhere' } }],
        ['rate_limit', { target: 'a', qps: 0, burst: 1 }],
        ['join', { target: 'a', sources: ['b'] }],
      ],
    });
    let codes: readonly string[] = [];
    try {
      compilePlan(bundle);
    } catch (error) {
      codes = (error as { diagnostics: { code: string }[] }).diagnostics.map(({ code }) => code);
    }
    expect(codes).toEqual(['CTRL120', 'CTRL131', 'CTRL140', 'CTRL132']);
  });
});

describe('a kind of surface that nobody knows', () => {
  it('is refused', () => {
    const bundle = bundleOf({
      nodes: { a: pass },
      edges: [],
      surfaces: [['teleport' as never, {}]],
    });
    expect(() => compilePlan(bundle)).toThrow('CTRL901: The teleport surface teleport:0');
  });
});

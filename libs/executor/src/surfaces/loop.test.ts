import type { Value } from '@basalt/ir';
import { compilePlan } from '../plan/compile-plan.js';
import { runFlow, startRun } from '../run/run.js';
import { bundleOf, pass } from '../testing/flow-fixture.js';

const countTo =
  (limit: number) =>
  ({ n }: { n: number }) => ({ n: n + 1, more: n + 1 < limit });

const bundle = (limit: number, more: object = {}) =>
  bundleOf({
    nodes: { start: pass, body: countTo(limit), check: pass, out: pass },
    edges: ['start -> body', 'body -> check', 'check -> body', 'check -> out'],
    surfaces: [
      [
        'loop',
        {
          source: 'check',
          selector_pointer: '/more',
          body_entry: 'body',
          exit: 'out',
          max_iterations: 5,
          ...more,
        },
      ],
    ],
  });

describe('loop', () => {
  it('passes through the body until its condition is false', async () => {
    expect(await runFlow(bundle(3), { n: 0 })).toEqual({ n: 3, more: false });
  });

  it('counts each pass: exactly max_iterations are allowed', async () => {
    expect(await runFlow(bundle(5), { n: 0 })).toEqual({ n: 5, more: false });
    const { diagnostics } = await startRun(compilePlan(bundle(6)), { payload: { n: 0 } }).result;
    expect(diagnostics.map(({ code }) => code)).toEqual(['RUN121']);
  });

  it('may exit at its bound', async () => {
    const value = await runFlow(bundle(100, { on_exhausted: 'exit' }), { n: 0 });
    expect(value).toEqual({ n: 5, more: true });
  });

  it('runs many messages through a body with little room', async () => {
    const flow = bundleOf({
      nodes: {
        start: async function* () {
          for (let i = 0; i < 100; i += 1) yield { n: -i % 4, more: true };
        },
        body: countTo(2),
        check: pass,
        out: pass,
      },
      edges: [
        { edge: 'start -> body', buffer: { max_items: 1 } },
        { edge: 'body -> check', buffer: { max_items: 1 } },
        { edge: 'check -> body', buffer: { max_items: 1 } },
        { edge: 'check -> out', buffer: { max_items: 1 } },
      ],
      surfaces: [
        [
          'loop',
          {
            source: 'check',
            selector_pointer: '/more',
            body_entry: 'body',
            exit: 'out',
            max_iterations: 10,
          },
        ],
      ],
    });
    const values: Value[] = [];
    for await (const value of startRun(compilePlan(flow), {
      payload: null,
      mode: 'stream',
    }).outputs()) {
      values.push(value);
    }
    expect(values).toHaveLength(100);
    expect(new Set(values.map((value) => (value as { n: number }).n))).toEqual(new Set([2]));
  });

  it('fails its source where the condition is no boolean', async () => {
    const flow = bundleOf({
      nodes: { body: pass, check: pass, out: pass },
      edges: ['body -> check', 'check -> body', 'check -> out'],
      surfaces: [
        [
          'loop',
          {
            source: 'check',
            selector_pointer: '/more',
            body_entry: 'body',
            exit: 'out',
            max_iterations: 2,
          },
        ],
      ],
    });
    const result = await startRun(compilePlan(flow), { payload: { more: 1 } }).result;
    expect(result.diagnostics.map(({ code }) => code)).toEqual(['RUN120']);
  });
});

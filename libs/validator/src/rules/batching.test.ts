import type { ConcurrencySpec, ControlSurfaceIR } from '@basalt/ir';
import { buildFlow, node, surface, trigger } from '../testing/build-flow.js';
import { expectFindingsOf } from '../testing/expect-findings.js';

const flowWith = (concurrency: ConcurrencySpec, ...control_surfaces: ControlSurfaceIR[]) =>
  buildFlow({
    nodes: ['start', node('a', { concurrency }), 'b', 'c'],
    edges: ['start -> a -> b -> c', 'a -> c', 'start -> c', 'start -> b'],
    control_surfaces,
  });
const batch = { max: 1, batch: 10 };
const route = { source: 'a', selector_pointer: '' };

describe('batching', () => {
  test.each([
    [flowWith({ max: 1, batch_wait_ms: 5 }), 'batch_wait_ms is set, but batch is not'],
    [
      flowWith(batch, surface('join', { target: 'a', sources: ['start'] })),
      'join join:0 gives it one object at a time',
    ],
    [
      flowWith(batch, surface('for_each', { source: 'start', items_pointer: '', body_entry: 'a' })),
      'for_each for_each:0 gives it one item at a time',
    ],
    [
      flowWith(batch, surface('if', { ...route, then: 'b', else: 'c' })),
      'if if:0 routes each of its outputs',
    ],
    [
      flowWith(batch, surface('await', { checkpoint_id: 'k', correlation_key: '/id' }, ['a', 'b'])),
      'await await:0 holds each of its outputs',
    ],
  ])('flow %#', (flow, problem) => {
    const message = `The batching of node a cannot be honoured: ${problem}.`;
    expectFindingsOf(['DAG006'], flow, [
      { code: 'DAG006', message, pointer: '/nodes/1/concurrency' },
    ]);
  });

  it('refuses triggers and captures', () => {
    const spec = { kind: 'http', capture: 'a' } as const;
    const start = trigger('start', { trigger: spec, concurrency: batch });
    const nodes = [start, node('a', { concurrency: batch })];
    expectFindingsOf(['DAG006'], buildFlow({ nodes, edges: ['start -> a'] }), [
      {
        code: 'DAG006',
        message: 'The batching of node start cannot be honoured: a trigger gets one payload.',
        pointer: '/nodes/0/concurrency',
      },
      {
        code: 'DAG006',
        message: 'The batching of node a cannot be honoured: trigger start answers each caller.',
        pointer: '/nodes/1/concurrency',
      },
    ]);
  });

  test.each([
    [flowWith({ ...batch, batch_wait_ms: 5 })],
    [flowWith({ max: 4, batch: 1 }, surface('if', { ...route, then: 'b', else: 'c' }))],
    [flowWith(batch, surface('merge', { target: 'a', sources: ['start', 'b'] }))],
  ])('accepts flow %#', (flow) => expectFindingsOf(['DAG006'], flow, []));
});

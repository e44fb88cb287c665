import type { EdgeIR, NodeIR } from '@basalt/ir';
import { buildFlow, edge, node, surface } from '../testing/build-flow.js';
import { expectFindingsOf } from '../testing/expect-findings.js';

const flowWith = (a: Partial<NodeIR>, e: Partial<EdgeIR>, partitioned = false) =>
  buildFlow({
    nodes: ['start', node('a', { effects: 'effectful', concurrency: { max: 8 }, ...a })],
    edges: [edge('start -> a', e)],
    control_surfaces: partitioned
      ? [surface('partition', { edge: { from: 'start', to: 'a' }, key: '/k' })]
      : [],
  });

describe('concurrency-order', () => {
  it('refuses concurrent effects behind an ordered edge', () => {
    expectFindingsOf(['DAG005'], flowWith({}, {}), [
      {
        code: 'DAG005',
        message:
          'The concurrency of node a cannot be honoured: 8 invocations at once would reorder the ' +
          'effects of messages on the ordered edge start -> a, which has no partition key.',
        pointer: '/nodes/1/concurrency/max',
      },
    ]);
  });

  test.each([
    [flowWith({}, { ordering: 'unordered' })],
    [flowWith({}, { partition_key: '/k' })],
    [flowWith({}, {}, true)],
    [flowWith({ effects: 'read_only' }, {})],
    [flowWith({ concurrency: { max: 1 } }, {})],
  ])('accepts flow %#', (flow) => expectFindingsOf(['DAG005'], flow, []));
});

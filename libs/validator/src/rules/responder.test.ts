import type { TriggerSpec } from '@basalt/ir';
import { buildFlow, trigger } from '../testing/build-flow.js';
import { expectFindingsOf } from '../testing/expect-findings.js';

const http = (spec: Partial<TriggerSpec> = {}) =>
  trigger('start', { trigger: { kind: 'http', ...spec } });
const expectReason = (
  nodes: readonly (string | ReturnType<typeof trigger>)[],
  edges: readonly string[],
  reason: string,
  path = '',
) =>
  expectFindingsOf(['DAG204', 'DAG216'], buildFlow({ nodes, edges }), [
    {
      code: 'DAG204',
      message: `Trigger start answers its caller with a value, but no node that it reaches can be captured: ${reason}.`,
      pointer: `/nodes/0/trigger${path}`,
    },
  ]);

describe('responder', () => {
  it('wants a capture that is there and is reached', () => {
    const nodes = [http({ capture: 'x' }), 'a', 'x'];
    expectReason(nodes, ['start -> a'], 'the capture x is not reached', '/capture');
    const unknown = [http({ capture: 'ghost' }), 'a'];
    expectReason(unknown, ['start -> a'], 'the capture ghost does not exist', '/capture');
  });

  it('wants a capture where there are several leaves, or none', () => {
    const reason = 'it names no capture and there are several leaves';
    expectReason([http(), 'a', 'b'], ['start -> a', 'start -> b'], `${reason} (a, b)`);
    const four = ['start -> a', 'start -> b', 'start -> c', 'start -> d'];
    expectReason([http(), 'a', 'b', 'c', 'd'], four, `${reason} (a, b, c and more)`);
    const cycle = ['start -> a -> b -> a'];
    expectReason([http(), 'a', 'b'], cycle, 'it names no capture and no node is a leaf');
  });

  test.each([
    [[http(), 'a', 'b'], ['start -> a -> b']],
    [
      [http({ capture: 'a' }), 'a', 'b'],
      ['start -> a -> b', 'start -> b'],
    ],
    [
      [http({ respond: 'accepted' }), 'a', 'b'],
      ['start -> a', 'start -> b'],
    ],
    [
      ['start', 'a', 'b'],
      ['start -> a', 'start -> b'],
    ],
  ])('accepts flow %#', (nodes, edges) => {
    expectFindingsOf(['DAG204', 'DAG216'], buildFlow({ nodes, edges }), []);
  });
});

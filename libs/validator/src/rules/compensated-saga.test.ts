import type { NodeIR } from '@basalt/ir';
import { buildFlow, node } from '../testing/build-flow.js';
import { expectFindingsOf } from '../testing/expect-findings.js';

const effect = (alias: string, parts: Partial<NodeIR> = {}) =>
  node(alias, { kind: 'activity', effects: 'effectful', ...parts });
const compensation = { identifier: 'undo' };
const chain = (...nodes: NodeIR[]) =>
  buildFlow({
    nodes: ['start', ...nodes],
    edges: [['start', ...nodes.map(({ alias }) => alias)].join(' -> ')],
  });

describe('compensated-saga', () => {
  it('reports an effectful node that something which can fail comes after', () => {
    const reserve = effect('reserve', { compensation });
    const flow = chain(reserve, effect('charge'), node('format'), effect('courier'));
    expectFindingsOf(['SAGA201'], flow, [
      {
        code: 'SAGA201',
        message:
          'Node charge is effectful and runs before courier, which can fail, but has no compensation.',
        pointer: '/nodes/2',
      },
    ]);
  });

  test.each([
    [chain(effect('charge'), effect('courier'))],
    [chain(effect('a', { compensation }), effect('b', { compensation }), effect('c'))],
    [chain(effect('a', { compensation }), effect('last'), node('format'))],
    [
      chain(
        effect('seen', { effectHints: ['resource::dedupe::write'] }),
        effect('b', { compensation }),
      ),
    ],
  ])('accepts flow %#', (flow) => expectFindingsOf(['SAGA201'], flow, []));
});

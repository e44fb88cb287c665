import { buildFlow, node } from '../testing/build-flow.js';
import { expectFindings } from '../testing/expect-findings.js';

describe('kind-attributes', () => {
  it('refuses attributes of another kind of node', () => {
    const inner = buildFlow({ nodes: ['start', 'x'], edges: ['start -> x'] });
    const nodes = [
      'start',
      node('a', { trigger: { kind: 'manual' } }),
      node('b', { kind: 'activity', subflow: 'inner' }),
      node('c', { kind: 'subflow', subflow: 'inner' }),
    ];
    const edges = ['start -> a -> b -> c'];
    expectFindings(buildFlow({ nodes, edges, subflows: { inner } }), [
      {
        code: 'DAG003',
        message: 'Node a names the attribute trigger of kind inline, which does not exist.',
        pointer: '/nodes/1/trigger',
      },
      {
        code: 'DAG003',
        message: 'Node b names the attribute subflow of kind activity, which does not exist.',
        pointer: '/nodes/2/subflow',
      },
    ]);
  });
});

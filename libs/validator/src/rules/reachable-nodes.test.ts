import { buildFlow } from '../testing/build-flow.js';
import { expectFindings } from '../testing/expect-findings.js';

describe('reachable-nodes', () => {
  it('reports every node that no trigger leads to', () => {
    const flow = buildFlow({
      nodes: ['start', 'a', 'x', 'y'],
      edges: ['start -> a', 'x -> y', 'x -> a'],
    });
    expectFindings(flow, [
      {
        code: 'DAG208',
        message: 'Node x cannot be reached from any trigger.',
        pointer: '/nodes/2',
      },
      {
        code: 'DAG208',
        message: 'Node y cannot be reached from any trigger.',
        pointer: '/nodes/3',
      },
    ]);
  });

  it('accepts what is reached on any way', () => {
    const edges = ['start -> a -> b', 'start -> b'];
    expectFindings(buildFlow({ nodes: ['start', 'a', 'b'], edges }), []);
  });
});

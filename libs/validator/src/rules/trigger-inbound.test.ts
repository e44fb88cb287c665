import { buildFlow } from '../testing/build-flow.js';
import { expectFindingsOf } from '../testing/expect-findings.js';

describe('trigger-inbound', () => {
  it('reports each edge into a trigger', () => {
    const flow = buildFlow({
      nodes: ['start', 'a', 'b'],
      edges: ['start -> a -> b -> start', 'a -> start'],
    });
    expectFindingsOf(['DAG210'], flow, [
      {
        code: 'DAG210',
        message: 'Trigger start has an inbound edge from b.',
        pointer: '/edges/2/to',
      },
      {
        code: 'DAG210',
        message: 'Trigger start has an inbound edge from a.',
        pointer: '/edges/3/to',
      },
    ]);
  });

  it('is silent where triggers only send', () => {
    expectFindingsOf(['DAG210'], buildFlow({ nodes: ['start', 'a'], edges: ['start -> a'] }), []);
  });
});

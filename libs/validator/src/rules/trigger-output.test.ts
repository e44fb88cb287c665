import { buildFlow } from '../testing/build-flow.js';
import { expectFindings } from '../testing/expect-findings.js';

describe('trigger-output', () => {
  it('reports a trigger that leads nowhere', () => {
    expectFindings(buildFlow({ nodes: ['start'] }), [
      {
        code: 'DAG101',
        message: 'Trigger start has no outgoing edge, so nothing that it receives is used.',
        pointer: '/nodes/0',
      },
    ]);
  });

  it('accepts one edge', () => {
    expectFindings(buildFlow({ nodes: ['start', 'a'], edges: ['start -> a'] }), []);
  });
});

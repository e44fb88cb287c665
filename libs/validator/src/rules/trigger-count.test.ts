import { buildFlow, trigger } from '../testing/build-flow.js';
import { expectFindings } from '../testing/expect-findings.js';

const many = Array.from({ length: 10 }, (_, i) => trigger(`t${i}`));
const edges = many.map(({ alias }) => `${alias} -> a`);

describe('trigger-count', () => {
  it('reports a flow that nothing starts, and then no unreachable nodes', () => {
    const message = 'Flow flow has no trigger.';
    expectFindings(buildFlow({ nodes: ['a'] }), [{ code: 'DAG209', message, pointer: '/nodes' }]);
    expectFindings(buildFlow(), [{ code: 'DAG209', message, pointer: '/nodes' }]);
  });

  it('reports several triggers once, unless the flow allows them', () => {
    const nodes = [...many, 'a'];
    expectFindings(buildFlow({ nodes, edges }), [
      {
        code: 'DAG104',
        message:
          'The flow has 10 triggers (t0, t1, t2, t3, t4, t5, t6, t7, 2 more), but does not allow several.',
        pointer: '/nodes/1/kind',
      },
    ]);
    const lint = { require_control_hints: false, allow_multiple_triggers: true };
    expectFindings(buildFlow({ nodes, edges, policies: { lint } }), []);
  });
});

import { buildFlow } from '../testing/build-flow.js';
import { expectFindings } from '../testing/expect-findings.js';
import { validateFlow } from '../validate-flow.js';

describe('known-edge-ends', () => {
  it('reports each end that is no alias, and suggests one', () => {
    const nodes = ['start', 'store'];
    const flow = buildFlow({ nodes, edges: ['start -> store', 'start -> stroe', 'x -> y'] });
    expectFindings(flow, [
      {
        code: 'DAG202',
        message: 'The edge start -> stroe names the node stroe, which does not exist.',
        pointer: '/edges/1/to',
      },
      {
        code: 'DAG202',
        message: 'The edge x -> y names the node x, which does not exist.',
        pointer: '/edges/2/from',
      },
      {
        code: 'DAG202',
        message: 'The edge x -> y names the node y, which does not exist.',
        pointer: '/edges/2/to',
      },
    ]);
    expect(validateFlow(flow)[0]!.help).toMatch(/^Did you mean store\? /);
  });

  it('finds no node in the prototype of an object', () => {
    const flow = buildFlow({ nodes: ['start', 'a'], edges: ['start -> a -> constructor'] });
    expectFindings(flow, [
      {
        code: 'DAG202',
        message: 'The edge a -> constructor names the node constructor, which does not exist.',
        pointer: '/edges/1/to',
      },
    ]);
  });
});

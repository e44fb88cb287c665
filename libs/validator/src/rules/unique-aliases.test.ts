import { buildFlow } from '../testing/build-flow.js';
import { expectFindings } from '../testing/expect-findings.js';

describe('unique-aliases', () => {
  it('reports every later node of an alias', () => {
    const flow = buildFlow({ nodes: ['start', 'a', 'a', 'a'], edges: ['start -> a'] });
    expectFindings(flow, [
      {
        code: 'DAG205',
        message: 'The alias a is used by more than one node.',
        pointer: '/nodes/2/alias',
      },
      {
        code: 'DAG205',
        message: 'The alias a is used by more than one node.',
        pointer: '/nodes/3/alias',
      },
    ]);
  });

  it('takes names of the prototype as ordinary names', () => {
    const nodes = ['start', '__proto__', 'constructor', 'toString'];
    const flow = buildFlow({ nodes, edges: ['start -> __proto__ -> constructor -> toString'] });
    expectFindings(flow, []);
  });
});

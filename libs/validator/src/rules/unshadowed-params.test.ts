import { buildFlow, node } from '../testing/build-flow.js';
import { expectFindings } from '../testing/expect-findings.js';

const nodes = [
  'start',
  node('a', { params: { region: 'eu', toString: 1 }, params_schema: { type: 'object' } }),
];

describe('unshadowed-params', () => {
  it('reports a parameter that hides one of the flow', () => {
    const params = { region: { schema: { type: 'string' } } };
    expectFindings(buildFlow({ nodes, edges: ['start -> a'], params }), [
      {
        code: 'DAG340',
        message:
          'The parameter region of node a hides the parameter of the flow with the same name.',
        pointer: '/nodes/1/params/region',
      },
    ]);
  });

  it('accepts other names', () => {
    const params = { zone: { schema: true } };
    expectFindings(buildFlow({ nodes, edges: ['start -> a'], params }), []);
  });
});

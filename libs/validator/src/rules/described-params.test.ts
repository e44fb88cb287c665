import { buildFlow, node } from '../testing/build-flow.js';
import { expectFindings } from '../testing/expect-findings.js';

describe('described-params', () => {
  it('reports each parameter without a schema', () => {
    const nodes = ['start', node('a', { params: { region: 'eu', 'a/b': 1 } })];
    expectFindings(buildFlow({ nodes, edges: ['start -> a'] }), [
      {
        code: 'DAG002',
        message: 'Node a has the parameter region, but no schema describes it.',
        pointer: '/nodes/1/params/region',
      },
      {
        code: 'DAG002',
        message: 'Node a has the parameter a/b, but no schema describes it.',
        pointer: '/nodes/1/params/a~1b',
      },
    ]);
  });

  it('accepts a schema, and no parameters', () => {
    const nodes = [
      'start',
      node('a', { params: { region: 'eu' }, params_schema: { type: 'object' } }),
      node('b', { params: {} }),
    ];
    expectFindings(buildFlow({ nodes, edges: ['start -> a -> b'] }), []);
  });
});

import { buildFlow, node, trigger } from '../testing/build-flow.js';
import { expectFindings, expectFindingsOf } from '../testing/expect-findings.js';

const missing = (who: string, what: string, pointer: string) => ({
  code: 'DAG001',
  message: `Node ${who} declares no ${what}.`,
  pointer,
});

describe('named-nodes', () => {
  it('wants an alias, a name and a handler', () => {
    const nodes = ['start', node('', { name: '', identifier: '' }), node('b', { name: '' })];
    expectFindingsOf(['DAG001'], buildFlow({ nodes, edges: ['start -> b'] }), [
      missing('number 1', 'alias', '/nodes/1/alias'),
      missing('number 1', 'name', '/nodes/1/name'),
      missing('number 1', 'identifier', '/nodes/1/identifier'),
      missing('b', 'name', '/nodes/2/name'),
    ]);
  });

  it('wants a handler of a subflow node only where it names no subflow', () => {
    const inner = buildFlow({ nodes: ['start', 'x'], edges: ['start -> x'] });
    const nodes = [
      trigger('start', { identifier: '' }),
      node('sub', { kind: 'subflow', subflow: 'inner', identifier: '' }),
    ];
    const flow = buildFlow({ nodes, edges: ['start -> sub'], subflows: { inner } });
    expectFindings(flow, []);
    const bare = [nodes[0]!, node('sub', { kind: 'subflow', identifier: '' })];
    expectFindings(buildFlow({ nodes: bare, edges: ['start -> sub'] }), [
      missing('sub', 'identifier', '/nodes/1/identifier'),
    ]);
  });
});

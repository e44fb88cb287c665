import { buildFlow, node } from '../testing/build-flow.js';
import { expectFindingsOf } from '../testing/expect-findings.js';

describe('effectful-has-key', () => {
  it('reports an effectful node without a key', () => {
    const nodes = ['start', node('charge', { effects: 'effectful' })];
    expectFindingsOf(['DAG004'], buildFlow({ nodes }), [
      {
        code: 'DAG004',
        message: 'Node charge is effectful, but has no idempotency key.',
        pointer: '/nodes/1/idempotency',
      },
    ]);
  });

  it('takes any key, the whole input included, and readers without one', () => {
    const nodes = [
      'start',
      node('a', { effects: 'effectful', idempotency: { key: '' } }),
      node('b', { effects: 'effectful', idempotency: { key: '/id' } }),
      node('c', { effects: 'read_only' }),
    ];
    expectFindingsOf(['DAG004'], buildFlow({ nodes }), []);
  });
});

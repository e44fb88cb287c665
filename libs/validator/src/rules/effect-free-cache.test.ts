import { buildFlow, node } from '../testing/build-flow.js';
import { expectFindingsOf } from '../testing/expect-findings.js';

describe('effect-free-cache', () => {
  it('reports an effectful node with a cache', () => {
    const idempotency = { key: '/id' };
    const cache = { tier: 'memory', pin: 'v1' } as const;
    const nodes = ['start', node('mail', { effects: 'effectful', idempotency, cache })];
    expectFindingsOf(['CACHE003'], buildFlow({ nodes }), [
      {
        code: 'CACHE003',
        message:
          'Node mail is effectful and has a cache: for an input that was seen before, nothing is done.',
        pointer: '/nodes/1/cache',
      },
    ]);
  });

  it('takes a cache of nodes that only read, and effectful nodes without one', () => {
    const nodes = [
      'start',
      node('a', { effects: 'read_only', cache: { tier: 'redis' } }),
      node('b', { cache: { tier: 'disk' } }),
      node('c', { effects: 'effectful', idempotency: { key: '' } }),
    ];
    expectFindingsOf(['CACHE003'], buildFlow({ nodes }), []);
  });
});

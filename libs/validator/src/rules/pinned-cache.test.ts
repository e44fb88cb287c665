import { buildFlow, node } from '../testing/build-flow.js';
import { expectFindingsOf } from '../testing/expect-findings.js';

describe('pinned-cache', () => {
  it('reports a cached stable node without a pin', () => {
    const nodes = ['start', node('a', { determinism: 'stable', cache: { tier: 'memory' } })];
    expectFindingsOf(['CACHE002'], buildFlow({ nodes }), [
      {
        code: 'CACHE002',
        message: 'Node a is stable and cached, but its cache has no pin.',
        pointer: '/nodes/1/cache',
      },
    ]);
  });

  it('takes a pin, and strict nodes', () => {
    const nodes = [
      'start',
      node('a', { determinism: 'stable', cache: { tier: 'memory', pin: 'v1' } }),
      node('b', { cache: { tier: 'memory' } }),
    ];
    expectFindingsOf(['CACHE002'], buildFlow({ nodes }), []);
  });
});

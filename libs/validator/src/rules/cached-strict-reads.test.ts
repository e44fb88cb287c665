import { buildFlow, node } from '../testing/build-flow.js';
import { expectFindingsOf } from '../testing/expect-findings.js';

describe('cached-strict-reads', () => {
  const reader = { effects: 'read_only', effectHints: ['resource::blob::read'] } as const;

  it('warns of a strict reader without a cache', () => {
    expectFindingsOf(['CACHE001'], buildFlow({ nodes: ['start', node('a', reader)] }), [
      {
        code: 'CACHE001',
        message: 'Node a is strict and reads resource::blob::read, but has no cache.',
        pointer: '/nodes/1',
      },
    ]);
  });

  it('takes a cache, less determinism, and nodes that read nothing', () => {
    const nodes = [
      'start',
      node('a', { ...reader, cache: { tier: 'memory' } }),
      node('b', { ...reader, determinism: 'best_effort' }),
      'c',
    ];
    expectFindingsOf(['CACHE001'], buildFlow({ nodes }), []);
  });
});

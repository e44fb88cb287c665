import { buildFlow, node } from '../testing/build-flow.js';
import { expectFindingsOf } from '../testing/expect-findings.js';

const flow = buildFlow({
  profile: 'temporal',
  nodes: [
    'start',
    node('a', { determinism: 'stable' }),
    node('b', { kind: 'activity', determinism: 'nondeterministic' }),
    node('c'),
  ],
  edges: ['start -> a -> b -> c'],
});

describe('inline-determinism', () => {
  it('reports inline nodes that are not strict, in the profile temporal', () => {
    expectFindingsOf(['WFLOW010'], flow, [
      {
        code: 'WFLOW010',
        message: 'Node a is stable and inline, but profile temporal replays inline nodes.',
        pointer: '/nodes/1/determinism',
      },
    ]);
    expectFindingsOf(['WFLOW010'], flow, [], { profile: 'web' });
  });
});

import { buildFlow, node } from '../testing/build-flow.js';
import { expectFindingsOf } from '../testing/expect-findings.js';

describe('determinism-reaches-hints', () => {
  const codes = ['DET301', 'DET302'];

  it('reports determinism hints, else the first resource', () => {
    const nodes = [
      'start',
      node('a', { determinismHints: ['resource::clock'], effectHints: ['resource::kv::read'] }),
      node('b', { determinism: 'stable', effectHints: ['resource::log', 'resource::db::read'] }),
    ];
    expectFindingsOf(codes, buildFlow({ nodes }), [
      {
        code: 'DET302',
        message: 'Node a declares strict, but resource::clock allows at best best_effort.',
        pointer: '/nodes/1/determinism',
      },
      {
        code: 'DET301',
        message:
          'Node b declares the determinism stable, which contradicts its use of resource::db::read.',
        pointer: '/nodes/2/determinism',
      },
    ]);
  });

  it('takes what reaches', () => {
    const nodes = [
      'start',
      node('a', { determinism: 'best_effort', determinismHints: ['resource::rng'] }),
      node('b', { effectHints: ['resource::log'] }),
      node('c', { determinism: 'stable', effectHints: ['resource::secrets'] }),
    ];
    expectFindingsOf(codes, buildFlow({ nodes }), []);
  });
});

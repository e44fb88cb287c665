import { parsePolicy } from '../policy/parse-policy.js';
import { buildFlow, node } from '../testing/build-flow.js';
import { expectFindingsOf } from '../testing/expect-findings.js';

describe('policy-ranks', () => {
  const policy = parsePolicy(
    'version: 1\neffects: { max: read_only }\ndeterminism: { max: stable }',
    'p.yaml',
  ).policy!;

  it('reports higher effects and determinism', () => {
    const nodes = ['start', node('a', { effects: 'effectful', determinism: 'best_effort' })];
    expectFindingsOf(
      ['POL103'],
      buildFlow({ nodes }),
      [
        {
          code: 'POL103',
          message: 'Node a is effectful, which the policy p.yaml denies.',
          pointer: '/nodes/1/effects',
        },
        {
          code: 'POL103',
          message: 'Node a is best_effort, which the policy p.yaml denies.',
          pointer: '/nodes/1/determinism',
        },
      ],
      { policy },
    );
  });

  it('takes up to the limits', () => {
    const nodes = ['start', node('a', { effects: 'read_only', determinism: 'stable' })];
    expectFindingsOf(['POL103'], buildFlow({ nodes }), [], { policy });
  });
});

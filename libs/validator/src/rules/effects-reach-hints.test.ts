import { buildFlow, node } from '../testing/build-flow.js';
import { expectFindingsOf } from '../testing/expect-findings.js';

describe('effects-reach-hints', () => {
  it('reports each hint that demands more, once', () => {
    const hints = ['resource::http::write', 'resource::kv::read', 'resource::http::write'];
    const flow = buildFlow({ nodes: ['start', node('a', { effectHints: hints })] });
    expectFindingsOf(['EFFECT201'], flow, [
      {
        code: 'EFFECT201',
        message: 'Node a declares pure, but resource::http::write demands at least effectful.',
        pointer: '/nodes/1/effects',
      },
      {
        code: 'EFFECT201',
        message: 'Node a declares pure, but resource::kv::read demands at least read_only.',
        pointer: '/nodes/1/effects',
      },
    ]);
  });

  it('takes a higher rank, longer hints and unknown ones', () => {
    const effectHints = ['resource::kv::read::cold', 'resource::nothing', '__proto__', 'note'];
    const reader = node('a', { effects: 'effectful', effectHints });
    expectFindingsOf(['EFFECT201'], buildFlow({ nodes: ['start', reader] }), []);
  });
});

import { buildFlow, edge, node } from '../testing/build-flow.js';
import { expectFindingsOf } from '../testing/expect-findings.js';

describe('spill-has-store', () => {
  const flowWith = (effectHints: string[]) =>
    buildFlow({
      nodes: ['start', node('a', { effectHints })],
      edges: [edge('start -> a', { buffer: { spill_tier: 'local', max_items: 1 } })],
    });

  it('reports a spilling edge in a flow without a blob hint', () => {
    expectFindingsOf(['SPILL002'], flowWith(['resource::blobby']), [
      {
        code: 'SPILL002',
        message:
          'The edge start -> a spills messages (spill_tier local), but no node of the flow has a resource::blob hint.',
        pointer: '/edges/0/buffer/spill_tier',
      },
    ]);
  });

  it('reports an edge that spills by size alone', () => {
    const flow = buildFlow({
      nodes: ['start', 'a'],
      edges: [edge('start -> a', { buffer: { spill_threshold_bytes: 512 } })],
    });
    expectFindingsOf(['SPILL002'], flow, [
      {
        code: 'SPILL002',
        message:
          'The edge start -> a spills messages (spill_threshold_bytes 512), but no node of the flow has a resource::blob hint.',
        pointer: '/edges/0/buffer/spill_threshold_bytes',
      },
    ]);
  });

  it('takes a blob hint anywhere, and flows that do not spill', () => {
    expectFindingsOf(['SPILL002'], flowWith(['resource::blob::write']), []);
    expectFindingsOf(['SPILL002'], buildFlow({ nodes: ['start'] }), []);
  });
});

import { buildFlow, edge, node, surface } from '../testing/build-flow.js';
import { expectFindingsOf } from '../testing/expect-findings.js';

describe('partitioned-keys', () => {
  const sink = node('sink', { idempotency: { key: '/id', scope: 'partition' } });

  it('reports a missing key and an edge without a partition key', () => {
    const bare = node('sink', { idempotency: { scope: 'partition' } });
    const flow = buildFlow({ nodes: ['start', bare], edges: ['start -> sink'] });
    const pointer = '/nodes/1/idempotency/scope';
    expectFindingsOf(['IDEM020'], flow, [
      {
        code: 'IDEM020',
        message: 'Node sink keeps its keys by partition, but it has no key.',
        pointer,
      },
      {
        code: 'IDEM020',
        message:
          'Node sink keeps its keys by partition, but the edge from start has no partition key.',
        pointer,
      },
    ]);
  });

  it('takes a partition key of the edge, and a partition surface', () => {
    const keyed = [edge('start -> sink', { partition_key: '/customer' })];
    expectFindingsOf(['IDEM020'], buildFlow({ nodes: ['start', sink], edges: keyed }), []);
    const partition = surface('partition', {
      edge: { from: 'start', to: 'sink' },
      key: '/customer',
    });
    const flow = buildFlow({
      nodes: ['start', sink],
      edges: ['start -> sink'],
      control_surfaces: [partition],
    });
    expectFindingsOf(['IDEM020'], flow, []);
  });
});

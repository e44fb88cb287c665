import { buildFlow, edge } from '../testing/build-flow.js';
import { expectFindingsOf } from '../testing/expect-findings.js';

describe('bounded-spill', () => {
  const flowWith = (buffer: { spill_tier?: string; max_items?: number }) =>
    buildFlow({ nodes: ['start', 'a'], edges: [edge('start -> a', { buffer })] });

  it('reports a tier without a bound', () => {
    expectFindingsOf(['SPILL001'], flowWith({ spill_tier: 'local' }), [
      {
        code: 'SPILL001',
        message: 'The edge start -> a has the spill tier local, but no max_items.',
        pointer: '/edges/0/buffer/spill_tier',
      },
    ]);
  });

  it('takes a bound, and buffers that do not spill', () => {
    expectFindingsOf(['SPILL001'], flowWith({ spill_tier: 'local', max_items: 1 }), []);
    expectFindingsOf(['SPILL001'], flowWith({}), []);
  });
});

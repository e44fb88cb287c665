import { buildFlow, edge } from '../testing/build-flow.js';
import { expectFindings } from '../testing/expect-findings.js';

describe('edge-bounds', () => {
  it('refuses edges that let nothing through', () => {
    const edges = [edge('start -> a', { timeout_ms: 0, buffer: { max_items: 0 } })];
    expectFindings(buildFlow({ nodes: ['start', 'a'], edges }), [
      {
        code: 'CTRL101',
        message: 'The edge start -> a has a timeout_ms of 0.',
        pointer: '/edges/0/timeout_ms',
      },
      {
        code: 'CTRL102',
        message: 'The buffer of the edge start -> a has a max_items of 0.',
        pointer: '/edges/0/buffer/max_items',
      },
    ]);
  });

  it('accepts 1', () => {
    const edges = [edge('start -> a', { timeout_ms: 1, buffer: { max_items: 1 } })];
    expectFindings(buildFlow({ nodes: ['start', 'a'], edges }), []);
  });
});

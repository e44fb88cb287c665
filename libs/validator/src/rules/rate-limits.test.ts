import { buildFlow, node, surface } from '../testing/build-flow.js';
import { expectFindings } from '../testing/expect-findings.js';

const limit = (target: string, burst: number, id = 'r') =>
  surface('rate_limit', { target, qps: 10, burst }, [], id);
const parts = {
  nodes: ['start', node('a', { concurrency: { max: 1, batch: 5 } })],
  edges: ['start -> a'],
};
const refused = (surfaceId: string, target: string, problem: string, pointer: string) => ({
  code: 'DAG320',
  message: `Rate limit ${surfaceId} on ${target} cannot be honoured: ${problem}.`,
  pointer,
});

describe('rate-limits', () => {
  it('refuses a second limit, a limit on a trigger, and a burst below a batch', () => {
    const control_surfaces = [limit('a', 5), limit('a', 4, 's'), limit('start', 1, 't')];
    expectFindings(buildFlow({ ...parts, control_surfaces }), [
      refused('s', 'a', 'r limits the same node', '/control_surfaces/1/config/target'),
      refused(
        's',
        'a',
        'a batch of 5 never fits into a burst of 4',
        '/control_surfaces/1/config/burst',
      ),
      refused('t', 'start', 'nothing can slow a trigger down', '/control_surfaces/2/config/target'),
    ]);
  });

  it('accepts one limit that a batch fits in', () => {
    expectFindings(buildFlow({ ...parts, control_surfaces: [limit('a', 5)] }), []);
  });
});

import { buildFlow, edge, node } from '../testing/build-flow.js';
import { expectFindingsOf } from '../testing/expect-findings.js';

describe('exactly-once-dedupe', () => {
  const flowTo = (hints: string[]) =>
    buildFlow({
      nodes: ['start', node('sink', { effectHints: hints })],
      edges: [edge('start -> sink', { delivery: 'exactly_once' })],
    });

  it('reports a target without a dedupe hint', () => {
    expectFindingsOf(['EXACT001'], flowTo(['resource::dedupes', 'resource::db::write']), [
      {
        code: 'EXACT001',
        message: 'The edge start -> sink is exactly_once, but sink has no resource::dedupe hint.',
        pointer: '/edges/0/delivery',
      },
    ]);
  });

  it('takes a target with one, and other deliveries', () => {
    expectFindingsOf(['EXACT001'], flowTo(['resource::dedupe::write']), []);
    const flow = buildFlow({ nodes: ['start', 'sink'], edges: ['start -> sink'] });
    expectFindingsOf(['EXACT001'], flow, []);
  });
});

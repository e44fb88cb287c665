import { buildFlow, edge, node } from '../testing/build-flow.js';
import { expectFindingsOf } from '../testing/expect-findings.js';

describe('exactly-once-key', () => {
  const flowTo = (key: string | undefined, to = 'sink') =>
    buildFlow({
      nodes: ['start', node('sink', { idempotency: key === undefined ? {} : { key } })],
      edges: [edge(`start -> ${to}`, { delivery: 'exactly_once' })],
    });

  it('reports a target without a key', () => {
    expectFindingsOf(['EXACT002'], flowTo(undefined), [
      {
        code: 'EXACT002',
        message: 'The edge start -> sink is exactly_once, but sink has no idempotency key.',
        pointer: '/edges/0/delivery',
      },
    ]);
  });

  it('takes a key, and edges that lead nowhere', () => {
    expectFindingsOf(['EXACT002'], flowTo('/id'), []);
    expectFindingsOf(['EXACT002'], flowTo(undefined, 'nowhere'), []);
  });
});

import { buildFlow, edge, node } from '../testing/build-flow.js';
import { expectFindingsOf } from '../testing/expect-findings.js';

describe('exactly-once-ttl', () => {
  const flowTo = (idempotency: { key: string; ttlMs?: number }) =>
    buildFlow({
      nodes: ['start', node('sink', { idempotency })],
      edges: [edge('start -> sink', { delivery: 'exactly_once' })],
    });

  it('reports keys that are forgotten within five minutes', () => {
    expectFindingsOf(['EXACT003'], flowTo({ key: '/id', ttlMs: 299_999 }), [
      {
        code: 'EXACT003',
        message:
          'The edge start -> sink is exactly_once, but sink remembers keys for 299999 ms; at least 300000 ms are needed.',
        pointer: '/nodes/1/idempotency/ttlMs',
      },
    ]);
  });

  it('takes five minutes, and no stated time', () => {
    expectFindingsOf(['EXACT003'], flowTo({ key: '/id', ttlMs: 300_000 }), []);
    expectFindingsOf(['EXACT003'], flowTo({ key: '/id' }), []);
  });
});

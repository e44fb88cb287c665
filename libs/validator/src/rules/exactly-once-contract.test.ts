import { buildFlow, edge, node } from '../testing/build-flow.js';
import { expectFindingsOf } from '../testing/expect-findings.js';

describe('exactly-once-contract', () => {
  const flowTo = (parts: Parameters<typeof node>[1]) =>
    buildFlow({
      nodes: ['start', 'other', node('sink', parts)],
      edges: [
        edge('start -> sink', { delivery: 'exactly_once' }),
        edge('other -> sink', { delivery: 'exactly_once' }),
      ],
    });

  it('reports an effectful target without a summary, once', () => {
    expectFindingsOf(['EXACT005'], flowTo({ effects: 'effectful', summary: ' ' }), [
      {
        code: 'EXACT005',
        message:
          'The edge start -> sink is exactly_once, but sink does not document its contract: it has no summary.',
        pointer: '/nodes/2/summary',
      },
    ]);
  });

  it('takes a summary, and targets that write nothing', () => {
    const summary = 'Charges once for an order; a repeat returns the first receipt.';
    expectFindingsOf(['EXACT005'], flowTo({ effects: 'effectful', summary }), []);
    expectFindingsOf(['EXACT005'], flowTo({ effects: 'read_only' }), []);
  });
});

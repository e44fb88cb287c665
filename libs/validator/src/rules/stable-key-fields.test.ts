import { buildFlow, node } from '../testing/build-flow.js';
import { expectFindingsOf } from '../testing/expect-findings.js';
import { validateFlow } from '../validate-flow.js';

describe('stable-key-fields', () => {
  const schemas = {
    Order: {
      type: 'object',
      properties: { id: { type: 'string' }, note: { type: 'string' } },
      required: ['id'],
    },
    Either: {
      allOf: [{ type: 'object' }, { if: { required: ['a'] }, else: { required: ['b'] } }],
    },
  };
  const withKey = (key: string, name = 'Order', fields?: string[]) =>
    buildFlow({
      nodes: [
        'start',
        node('sink', {
          in_schema: { kind: 'named', name },
          idempotency: fields === undefined ? { key } : { key, fields },
        }),
      ],
      schemas,
    });

  it('reports a field that can be absent, with an input that lacks it', () => {
    const flow = withKey('note');
    expectFindingsOf(['IDEM025'], flow, [
      {
        code: 'IDEM025',
        message: 'The key field note of node sink is not stable: it can be absent.',
        pointer: '/nodes/1/idempotency',
      },
    ]);
    const [finding] = validateFlow(flow).filter(({ code }) => code === 'IDEM025');
    expect(finding?.details).toEqual({ counterexample: { id: '' } });
  });

  it('takes required fields, the whole input, and what is not defined', () => {
    expectFindingsOf(['IDEM025'], withKey('/id'), []);
    expectFindingsOf(['IDEM025'], withKey('', 'Order', ['id']), []);
    expectFindingsOf(['IDEM025'], withKey('/any', 'Missing'), []);
  });
});

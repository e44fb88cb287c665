import { buildFlow } from '../testing/build-flow.js';
import { expectFindingsOf } from '../testing/expect-findings.js';

describe('valid-schemas', () => {
  it('reports a definition that is no schema', () => {
    const flow = buildFlow({
      nodes: ['start'],
      schemas: { Order: { properties: { a: { type: 'strnig' } } }, Fine: true },
    });
    expectFindingsOf(['SCHEMA103'], flow, [
      {
        code: 'SCHEMA103',
        message:
          'The schema Order is not valid JSON Schema: /properties/a/type: a type is one of null, boolean, integer, number, string, array, object.',
        pointer: '/schemas/Order',
      },
    ]);
  });

  it('takes valid ones, and flows without schemas', () => {
    expectFindingsOf(['SCHEMA103'], buildFlow({ nodes: ['start'], schemas: { A: {} } }), []);
    expectFindingsOf(['SCHEMA103'], buildFlow({ nodes: ['start'] }), []);
  });
});

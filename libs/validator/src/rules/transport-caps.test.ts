import { buildFlow, edge, node, trigger } from '../testing/build-flow.js';
import { expectFindingsOf } from '../testing/expect-findings.js';

describe('transport-caps', () => {
  const codes = ['SCHEMA102'];
  const schemas = { Page: { type: 'string', maxLength: 1_000_000 } };
  const out_schema = { kind: 'named', name: 'Page' } as const;
  const temporal = (buffer: object, parts: object = {}) =>
    buildFlow({
      profile: 'temporal',
      nodes: ['start', node('a', { kind: 'activity', out_schema, ...parts }), 'b'],
      edges: ['start -> a', edge('a -> b', { buffer })],
      schemas,
    });

  it('reports an output that Temporal does not carry', () => {
    expectFindingsOf(codes, temporal({}), [
      {
        code: 'SCHEMA102',
        message:
          'Messages on a -> b can be 4000005 bytes, but a Temporal payload carries at most 2097152.',
        pointer: '/edges/1',
      },
    ]);
  });

  it('takes smaller bounds, edges that spill, and other profiles', () => {
    expectFindingsOf(codes, temporal({}, { max_output_bytes: 1000 }), []);
    const spill = { spill_tier: 'local', spill_threshold_bytes: 1000, max_items: 1 };
    expectFindingsOf(codes, temporal(spill), []);
    expectFindingsOf(codes, { ...temporal({}), profile: 'dev' }, []);
  });

  it('reports a payload that cannot come in, unless the trigger allows it', () => {
    const web = (parts: object) =>
      buildFlow({
        profile: 'web',
        nodes: [trigger('start', { in_schema: out_schema, ...parts })],
        schemas,
      });
    const message = (transport: string, cap: number) =>
      `Messages on the caller -> start can be 4000005 bytes, but ${transport} carries at most ${cap}.`;
    const pointer = '/nodes/0/in_schema';
    expectFindingsOf(codes, web({}), [
      { code: 'SCHEMA102', message: message('an HTTP request body', 1_048_576), pointer },
    ]);
    const own = (bytes: number) => web({ trigger: { kind: 'http', max_payload_bytes: bytes } });
    expectFindingsOf(codes, own(100), [
      { code: 'SCHEMA102', message: message('max_payload_bytes', 100), pointer },
    ]);
    expectFindingsOf(codes, own(5_000_000), []);
  });
});

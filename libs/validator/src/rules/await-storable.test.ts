import { buildFlow, surface, trigger } from '../testing/build-flow.js';
import { expectFindingsOf } from '../testing/expect-findings.js';

const flowWith = (capture: string, event_schema?: unknown) =>
  buildFlow({
    nodes: [trigger('start', { trigger: { kind: 'http', respond: 'stream', capture } }), 'a', 'b'],
    edges: ['start -> a -> b'],
    checkpoints: [{ id: 'ok' }],
    control_surfaces: [
      surface('await', { checkpoint_id: 'ok', correlation_key: '/id', event_schema }, ['a', 'b']),
    ],
  });
const circular: Record<string, unknown> = {};
circular['self'] = circular;

const refused = (reason: string, key: string) => ({
  code: 'DAG301',
  message: `Await await:0 holds the output of a, which cannot be stored: ${reason}.`,
  pointer: `/control_surfaces/0/config/${key}`,
});

describe('await-storable', () => {
  it('refuses a source that streams to a caller', () => {
    const found = [refused('it is streamed to the caller of start', 'source')];
    expectFindingsOf(['DAG301'], flowWith('a'), found);
  });

  test.each([
    [{ check: () => true }, 'a function'],
    [{ minimum: 1n }, 'a bigint'],
    [{ enum: [NaN] }, 'the number NaN'],
    [{ pattern: /x/ }, 'an object that is neither plain nor a list'],
  ])('refuses the event schema %#', (schema, what) => {
    const found = [refused(`its event_schema holds ${what}`, 'event_schema')];
    expectFindingsOf(['DAG301'], flowWith('b', schema), found);
  });

  test.each([[undefined], [true], [{ type: 'object', required: ['by'] }], [circular]])(
    'accepts the event schema %#',
    (schema) => expectFindingsOf(['DAG301'], flowWith('b', schema), []),
  );
});

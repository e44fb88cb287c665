import { buildFlow, node, surface } from '../testing/build-flow.js';
import { expectFindingsOf } from '../testing/expect-findings.js';

const flowWith = (source: string, key?: string) =>
  buildFlow({
    nodes: [
      'start',
      'split',
      node('ask', { idempotency: key === undefined ? {} : { key } }),
      'go',
      'all',
      'end',
    ],
    edges: ['start -> split -> ask -> go -> all -> end'],
    checkpoints: [{ id: 'ok' }],
    control_surfaces: [
      surface('for_each', {
        source: 'split',
        items_pointer: '',
        body_entry: 'ask',
        body_exit: 'go',
        collect: 'all',
      }),
      surface('await', { checkpoint_id: 'ok', correlation_key: '/id', source }, [
        source,
        source === 'ask' ? 'go' : 'end',
      ]),
    ],
  });

describe('await-scope', () => {
  it('reports an await in a body whose key is not known to be unique', () => {
    for (const key of [undefined, '/other', '']) {
      expectFindingsOf(['DAG300'], flowWith('ask', key), [
        {
          code: 'DAG300',
          message:
            'Await await:0 stands inside the body of for_each:0, where it cannot be resumed: nothing ' +
            'says that the correlation key /id differs for every message; it is not the idempotency ' +
            'key of ask.',
          pointer: '/control_surfaces/1/config/correlation_key',
        },
      ]);
    }
  });

  it('accepts a known key, as a pointer or a field name, and an await behind the body', () => {
    expectFindingsOf(['DAG300'], flowWith('ask', '/id'), []);
    expectFindingsOf(['DAG300'], flowWith('ask', 'id'), []);
    expectFindingsOf(['DAG300'], flowWith('all'), []);
  });
});

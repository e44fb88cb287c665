import { buildFlow, node } from '../testing/build-flow.js';
import { expectFindingsOf } from '../testing/expect-findings.js';

describe('provider-credentials', () => {
  const flow = buildFlow({
    nodes: ['start', node('a', { effectHints: ['resource::dedupe::write'] })],
  });
  const bindings = (credentials: readonly string[]) => ({
    capabilities: new Set(['dedupe', 'kv']),
    credentials: new Map(credentials.map((name) => [name, new Set<string>()])),
    providers: [
      { name: 'redis', capability: 'dedupe', credential: 'redis-password' },
      { name: 'memory', capability: 'dedupe' },
      { name: 'remote', capability: 'kv', credential: 'unused' },
    ],
  });

  it('reports a used provider without its credential', () => {
    expectFindingsOf(
      ['DAG330'],
      flow,
      [
        {
          code: 'DAG330',
          message:
            'Provider redis of dedupe needs the credential redis-password, which is not given.',
          pointer: '',
        },
      ],
      { bindings: bindings([]) },
    );
  });

  it('says nothing where it is given, or bindings are not', () => {
    expectFindingsOf(['DAG330'], flow, [], { bindings: bindings(['redis-password']) });
    expectFindingsOf(['DAG330'], flow, []);
  });
});

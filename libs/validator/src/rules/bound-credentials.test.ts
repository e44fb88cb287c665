import { buildFlow, node } from '../testing/build-flow.js';
import { expectFindingsOf } from '../testing/expect-findings.js';

describe('bound-credentials', () => {
  const codes = ['DAG203', 'DAG331'];
  const credentials = [
    { name: 'github', scopes: ['repo', 'user'] },
    { name: 'stripe', scopes: [] },
  ];
  const flow = buildFlow({ nodes: ['start', node('a', { credentials })] });
  const bound = (map: Readonly<Record<string, readonly string[]>>) => ({
    bindings: {
      capabilities: new Set<string>(),
      credentials: new Map(Object.entries(map).map(([name, s]) => [name, new Set(s)])),
    },
  });

  it('reports what is not bound and what is not granted', () => {
    expectFindingsOf(
      codes,
      flow,
      [
        {
          code: 'DAG331',
          message: 'Node a needs the scope user of the credential github, which does not grant it.',
          pointer: '/nodes/1/credentials/0',
        },
        {
          code: 'DAG203',
          message: 'Node a uses the credential stripe, which is not bound.',
          pointer: '/nodes/1/credentials/1',
        },
      ],
      bound({ github: ['repo'] }),
    );
  });

  it('says nothing where all is granted, or bindings are not given', () => {
    expectFindingsOf(codes, flow, [], bound({ github: ['repo', 'user'], stripe: [] }));
    expectFindingsOf(codes, flow, []);
  });
});

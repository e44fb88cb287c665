import { buildFlow, node, surface } from '../testing/build-flow.js';
import { expectFindingsOf } from '../testing/expect-findings.js';

describe('one-retry-owner', () => {
  const retry = {
    max_attempts: 3,
    backoff_ms: 100,
    multiplier: 2,
    max_backoff_ms: 1000,
    jitter: 'full',
    owner: 'orchestrator',
  } as const;
  const handler = (id: string, nodes: string[], max_retries = 2) =>
    surface('error_handler', { scope: { nodes }, strategy: 'retry', max_retries }, nodes, id);

  it('reports a policy within a handler that retries, and two handlers', () => {
    const flow = buildFlow({
      nodes: ['start', node('a', { retry }), 'b'],
      control_surfaces: [handler('one', ['a', 'b']), handler('two', ['b', 'b'])],
    });
    const place = (position: number) => `/control_surfaces/${position}/config/scope/nodes`;
    expectFindingsOf(['RETRY010'], flow, [
      {
        code: 'RETRY010',
        message: 'Node a is retried by its retry policy and by the error handler one.',
        pointer: place(0),
      },
      {
        code: 'RETRY010',
        message: 'Node b is retried by the error handler one and by the error handler two.',
        pointer: place(1),
      },
    ]);
  });

  it('takes one owner, a single attempt, and handlers that do not retry', () => {
    const flow = buildFlow({
      nodes: ['start', node('a', { retry }), node('b', { retry: { ...retry, max_attempts: 1 } })],
      control_surfaces: [
        handler('one', ['a'], 0),
        handler('two', ['b']),
        surface('error_handler', { scope: { nodes: ['a'] }, strategy: 'fail' }, ['a'], 'three'),
      ],
    });
    expectFindingsOf(['RETRY010'], flow, []);
  });
});

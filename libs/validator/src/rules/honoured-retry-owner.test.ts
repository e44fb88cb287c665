import { buildFlow, edge, node } from '../testing/build-flow.js';
import { expectFindingsOf } from '../testing/expect-findings.js';

describe('honoured-retry-owner', () => {
  const retry = (owner: 'none' | 'orchestrator' | 'connector', max_attempts = 5) =>
    ({
      max_attempts,
      backoff_ms: 1,
      multiplier: 2,
      max_backoff_ms: 9,
      jitter: 'full',
      owner,
    }) as const;

  it('reports a policy that nobody follows, and repeats of what is delivered at most once', () => {
    const sink = node('b', { retry: retry('orchestrator'), effects: 'effectful' });
    const flow = buildFlow({
      nodes: ['start', node('a', { retry: retry('none') }), sink],
      edges: ['start -> a', edge('a -> b', { delivery: 'at_most_once' })],
    });
    expectFindingsOf(['RETRY011'], flow, [
      {
        code: 'RETRY011',
        message: 'The retries of node a belong to none, but its policy asks for 5 attempts.',
        pointer: '/nodes/1/retry',
      },
      {
        code: 'RETRY011',
        message:
          'The retries of node b belong to orchestrator, but the edge from a delivers at most once.',
        pointer: '/nodes/2/retry',
      },
    ]);
  });

  it('takes one attempt, and readers', () => {
    const flow = buildFlow({
      nodes: [
        'start',
        node('a', { retry: retry('none', 1) }),
        node('b', { retry: retry('connector') }),
      ],
      edges: [edge('start -> b', { delivery: 'at_most_once' })],
    });
    expectFindingsOf(['RETRY011'], flow, []);
  });
});

import { parsePolicy } from '../policy/parse-policy.js';
import { buildFlow, edge, node } from '../testing/build-flow.js';
import { expectFindingsOf } from '../testing/expect-findings.js';
import { validateFlow } from '../validate-flow.js';

const codes = ['POL104', 'POL106'];
const policyOf = (...rules: object[]) =>
  parsePolicy(JSON.stringify({ version: 1, rules }), 'p.json').policy!;

describe('policy-rules', () => {
  const flow = buildFlow({
    nodes: [
      'start',
      node('a', { kind: 'activity', timeout_ms: 500 }),
      node('b', { kind: 'activity' }),
    ],
    edges: ['start -> a', edge('a -> b', { delivery: 'at_most_once' })],
  });

  it('asks node rules of each node', () => {
    const policy = policyOf({
      name: 'limits',
      when: 'node.kind == "activity"',
      deny: '!has(node.timeout_ms) || node.timeout_ms > 1000',
      message: 'activities need a limit',
    });
    expectFindingsOf(
      codes,
      flow,
      [
        {
          code: 'POL106',
          message: 'The policy rule limits denies node b: activities need a limit.',
          pointer: '/nodes/2',
        },
      ],
      { policy },
    );
  });

  it('asks edge rules of each edge, with its target as the node, and flow rules once', () => {
    const policy = policyOf(
      { name: 'lossy', deny: 'edge.delivery == "at_most_once" && node.alias == "b"' },
      {
        name: 'size',
        when: 'profile == "dev" && flow.node_count > 2',
        deny: true,
        severity: 'warning',
      },
    );
    expectFindingsOf(
      codes,
      flow,
      [
        {
          code: 'POL106',
          message:
            'The policy rule size denies node flow (the flow): profile == "dev" && flow.node_count > 2.',
          pointer: '',
        },
        {
          code: 'POL106',
          message:
            'The policy rule lossy denies node b (the edge from a): edge.delivery == "at_most_once" && node.alias == "b".',
          pointer: '/edges/1',
        },
      ],
      { policy },
    );
    const severities = validateFlow(flow, { policy })
      .filter(({ code }) => code === 'POL106')
      .map(({ severity }) => severity);
    expect(severities).toEqual(['warning', 'error']);
  });

  it('reports a rule that fails on a field that is not there', () => {
    const policy = policyOf({
      name: 'retries',
      deny: 'node.alias == "b" && node.retry.max_attempts > 5',
    });
    expectFindingsOf(
      codes,
      flow,
      [
        {
          code: 'POL104',
          message: 'The policy rule retries could not be evaluated: No such key: retry.',
          pointer: '/nodes/2',
        },
      ],
      { policy },
    );
  });

  it('reports a rule that is asked about too much', () => {
    const effectHints = Array.from({ length: 1_001 }, () => 'note');
    const policy = policyOf({ name: 'hints', deny: 'node.effectHints.exists(h, h == "x")' });
    expectFindingsOf(
      codes,
      buildFlow({ nodes: [node('a', { effectHints })] }),
      [
        {
          code: 'POL104',
          message:
            'The policy rule hints could not be evaluated: effectHints has more than 1000 items.',
          pointer: '/nodes/0',
        },
      ],
      { policy },
    );
  });

  it('says nothing where no rule denies', () => {
    const policy = policyOf({ name: 'never', deny: 'node.alias == "__proto__"' });
    expectFindingsOf(codes, flow, [], { policy });
    expectFindingsOf(codes, flow, []);
  });
});

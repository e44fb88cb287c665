import { sampleEdge, sampleFlow, sampleNode } from '../test/sample-flow.js';
import { diffFlows, verdictForExecution, type DiffOptions } from './diff-flows.js';
import { formatDiff } from './diff-text.js';
import type { EdgeIR, FlowIR, NodeIR } from './flow-ir.js';
import { normalizeFlow } from './normalize-flow.js';

const flow = sampleFlow();
const node = (fields: object, alias = 'charge'): FlowIR => ({
  ...flow,
  nodes: flow.nodes.map((n) => (n.alias === alias ? ({ ...n, ...fields } as NodeIR) : n)),
});
const edge = (fields: Partial<EdgeIR>): FlowIR => ({
  ...flow,
  edges: flow.edges.map((e, i) => (i === 0 ? { ...e, ...fields } : e)),
});
const surface = (i: number, config: object): FlowIR => ({
  ...flow,
  control_surfaces: flow.control_surfaces.map((s, j) =>
    i === j ? { ...s, config: { ...(s.config as object), ...config } } : s,
  ),
});
const extra = normalizeFlow({
  ...flow,
  nodes: [...flow.nodes, sampleNode('audit')],
  edges: [...flow.edges, sampleEdge('receipt', 'audit')],
});

/** Sign, part, name, pointer, verdict and nodes of each change. */
const brief = (before: FlowIR, after: FlowIR, options?: DiffOptions) =>
  diffFlows(before, after, options).changes.map((c) =>
    [c.kind, c.part, c.name, c.pointer, c.verdict, c.nodes.join(' ')].join('|'),
  );

test('a flow does not differ from itself, nor from its parts in another order', () => {
  const shuffled = {
    ...flow,
    nodes: [...flow.nodes].reverse(),
    edges: [...flow.edges].reverse(),
    control_surfaces: [...flow.control_surfaces].reverse(),
  };
  expect(diffFlows(flow, flow)).toEqual({ verdict: 'continue', sameMeaning: true, changes: [] });
  expect(diffFlows(flow, shuffled)).toEqual({
    verdict: 'continue',
    sameMeaning: true,
    changes: [],
  });
});

test.each<[string, FlowIR, string[]]>([
  ['summary', { ...flow, summary: 'x' }, ['changed|flow||/summary|continue|']],
  [
    'version and id',
    { ...flow, version: '1.1.0', id: 'i' },
    ['changed|flow||/id|continue|', 'changed|flow||/version|continue|'],
  ],
  ['flow name', { ...flow, name: 'other' }, ['changed|flow||/name|refuse|']],
  ['tags', { ...flow, metadata: { tags: ['a'] } }, ['changed|flow||/metadata/tags|continue|']],
  ['deadline', { ...flow, deadline_ms: 5 }, ['added|flow||/deadline_ms|continue|']],
  ['node name', node({ name: 'N' }), ['changed|node|charge|/nodes/1/name|continue|']],
  [
    'source line',
    node({ source: { file: 'pay.ts', line: 4, column: 1 } }),
    ['changed|node|charge|/nodes/1/source/line|continue|'],
  ],
  ['identifier', node({ identifier: 'x' }), ['changed|node|charge|/nodes/1/identifier|pin|charge']],
  ['code hash', node({ code_hash: 'bb' }), ['changed|node|charge|/nodes/1/code_hash|pin|charge']],
  ['effects', node({ effects: 'pure' }), ['changed|node|charge|/nodes/1/effects|pin|charge']],
  ['timeout', node({ timeout_ms: 9 }), ['added|node|charge|/nodes/1/timeout_ms|continue|']],
  [
    'retry',
    node({ retry: { ...flow.nodes[1]!.retry, max_attempts: 9 } }),
    ['changed|node|charge|/nodes/1/retry/max_attempts|continue|'],
  ],
  ['params', node({ params: { a: 1 } }), ['added|node|charge|/nodes/1/params|pin|charge']],
  [
    'idempotency key',
    node({ idempotency: { key: '/other', ttlMs: 600_000 } }),
    ['changed|node|charge|/nodes/1/idempotency/key|refuse|'],
  ],
  [
    'idempotency key of a pure node',
    node({ idempotency: { key: '/a' } }, 'receipt'),
    ['added|node|receipt|/nodes/2/idempotency/key|pin|receipt'],
  ],
  [
    'longer ttl',
    node({ idempotency: { key: '/id', ttlMs: 700_000 } }),
    ['changed|node|charge|/nodes/1/idempotency/ttlMs|continue|'],
  ],
  [
    'shorter ttl',
    node({ idempotency: { key: '/id', ttlMs: 5 } }),
    ['changed|node|charge|/nodes/1/idempotency/ttlMs|pin|charge'],
  ],
  [
    'compensation',
    node({ compensation: { identifier: 'undo' } }),
    ['added|node|charge|/nodes/1/compensation|pin|charge'],
  ],
  [
    'route',
    node({ trigger: { kind: 'http', route: '/new', method: 'POST' } }, 'order'),
    ['changed|node|order|/nodes/0/trigger/route|continue|'],
  ],
  [
    'capture',
    node({ trigger: { kind: 'http', route: '/pay', method: 'POST', capture: 'receipt' } }, 'order'),
    ['added|node|order|/nodes/0/trigger/capture|pin|order'],
  ],
  [
    'schema widened to anything',
    node({ in_schema: { kind: 'opaque' } }),
    ['changed|node|charge|/nodes/1/in_schema|continue|'],
  ],
  [
    'schema narrowed',
    node({ in_schema: { kind: 'named', name: 'Order' } }, 'receipt'),
    ['changed|node|receipt|/nodes/2/in_schema|pin|receipt'],
  ],
  ['a field of the future', node({ later: 1 }), ['added|node|charge|/nodes/1/later|pin|charge']],
  [
    'delivery',
    edge({ delivery: 'at_most_once' }),
    ['changed|edge|order -> charge|/edges/0/delivery|pin|order'],
  ],
  [
    'buffer',
    edge({ buffer: { max_items: 9 } }),
    ['changed|edge|order -> charge|/edges/0/buffer/max_items|continue|'],
  ],
  [
    'edge removed',
    { ...flow, edges: flow.edges.slice(0, 2) },
    ['removed|edge|charge -> refusal|/edges/2|pin|charge'],
  ],
  [
    'second edge between two nodes',
    { ...flow, edges: [...flow.edges, flow.edges[0]!] },
    ['added|edge|order -> charge|/edges/3|pin|order'],
  ],
  [
    'node and edge added',
    extra,
    ['added|node|audit|/nodes/4|continue|', 'added|edge|receipt -> audit|/edges/3|pin|receipt'],
  ],
  [
    'routing',
    surface(0, { selector_pointer: '/fine' }),
    [
      'changed|surface|if:charge:0|/control_surfaces/0/config/selector_pointer|pin|charge receipt refusal',
    ],
  ],
  [
    'limit',
    surface(1, { qps: 9 }),
    ['changed|surface|rate_limit:charge:0|/control_surfaces/1/config/qps|continue|'],
  ],
  [
    'surface renamed',
    { ...flow, control_surfaces: flow.control_surfaces.map((s) => ({ ...s, id: `${s.id}x` })) },
    [],
  ],
  [
    'surface removed',
    { ...flow, control_surfaces: flow.control_surfaces.slice(1) },
    ['removed|surface|if:charge:0|/control_surfaces/0|pin|charge receipt refusal'],
  ],
  [
    'checkpoint added',
    { ...flow, checkpoints: [{ id: 'c' }] },
    ['added|checkpoint|c|/checkpoints/0|continue|'],
  ],
  [
    'unused schema',
    { ...flow, schemas: { ...flow.schemas, X: true } },
    ['added|schema|X|/schemas/X|continue|'],
  ],
  [
    'param without default',
    { ...flow, params: { p: { schema: true } } },
    ['added|param|p|/params/p|pin|'],
  ],
  [
    'param with default',
    { ...flow, params: { p: { schema: true, default: 1 } } },
    ['added|param|p|/params/p|continue|'],
  ],
])('%s', (_name, after, expected) => {
  expect(brief(flow, after)).toEqual(expected);
});

test('what is removed is reported at its place in the old flow', () => {
  expect(brief(extra, flow)).toEqual([
    'removed|node|audit|/nodes/4|pin|audit receipt',
    'removed|edge|receipt -> audit|/edges/3|pin|receipt',
  ]);
  expect(brief({ ...flow, checkpoints: [{ id: 'c' }] }, flow)).toEqual([
    'removed|checkpoint|c|/checkpoints/0|pin|',
  ]);
});

test('a changed schema pins its users, unless it is known to accept what the old one allowed', () => {
  const wider = { ...flow, schemas: { Order: { type: 'object' } } };
  expect(brief(flow, wider)).toEqual(['changed|schema|Order|/schemas/Order|pin|order charge']);
  expect(brief(flow, wider, { schemaAccepts: () => true })).toEqual([
    'changed|schema|Order|/schemas/Order|continue|',
  ]);
});

test('subflows are compared inside, at the nodes that run them', () => {
  const outer = (inner: FlowIR): FlowIR =>
    normalizeFlow({
      ...flow,
      nodes: [...flow.nodes, sampleNode('sub', { kind: 'subflow', subflow: 'in/ner' })],
      subflows: { 'in/ner': inner },
    });
  expect(brief(outer(flow), outer(node({ identifier: 'x' })))).toEqual([
    'changed|node|in/ner/charge|/subflows/in~1ner/nodes/1/identifier|pin|sub/charge',
  ]);
  expect(brief(outer(flow), { ...outer(flow), subflows: {} })).toEqual([
    'removed|subflow|in/ner|/subflows/in~1ner|pin|sub',
  ]);
});

test('the verdict for one execution depends on what it has started', () => {
  const diff = diffFlows(flow, node({ code_hash: 'bb' }));
  expect(diff.verdict).toBe('pin');
  expect(verdictForExecution(diff, new Set(['order']))).toBe('continue');
  expect(verdictForExecution(diff, new Set(['order', 'charge']))).toBe('pin');
  const param = diffFlows(flow, { ...flow, params: { p: { schema: true } } });
  expect(verdictForExecution(param, new Set())).toBe('pin');
  expect(verdictForExecution(diffFlows(flow, { ...flow, name: 'x' }), new Set())).toBe('refuse');
});

test('as text', () => {
  const after = { ...node({ identifier: 'x\u001b[31m' }), summary: 'y' };
  expect(formatDiff(diffFlows(flow, after)))
    .toBe(`pin: executions that reached a changed part must finish on the old flow

~ node charge (/nodes/1/identifier): "payments::charge" -> "x\\u001b[31m"
    pin: another handler runs; its results may differ
~ flow (/summary): "Takes payments" -> "y"
    continue: it is for people and has no effect on a run
`);
  expect(formatDiff(diffFlows(flow, extra))).toContain('+ node audit (/nodes/4)\n    continue: ');
  expect(formatDiff(diffFlows(flow, flow))).toBe('The flows are the same.\n');
  expect(formatDiff(diffFlows(flow, { ...flow, summary: 'z' }))).toContain(
    'The flows do the same; only descriptions differ.',
  );
});

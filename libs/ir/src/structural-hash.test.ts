import fc from 'fast-check';
import { sampleEdge, sampleFlow } from '../test/sample-flow.js';
import type { FlowIR, NodeIR } from './flow-ir.js';
import { structuralHash } from './structural-hash.js';

const flow = sampleFlow();
const hash = structuralHash(flow);

/** The sample with its node `charge` changed. */
const withCharge = (fields: Partial<NodeIR>): FlowIR => ({
  ...flow,
  nodes: flow.nodes.map((node) => (node.alias === 'charge' ? { ...node, ...fields } : node)),
});

test('the hash is fixed, so that other runtimes can compare with it', () => {
  expect(hash).toBe('e0e5270e68c7a2ea66ac1825067549f4dd1fb921b499bbeb5e074d7a9bf464e5');
});

test.each<[string, FlowIR]>([
  ['id, name, version, profile', { ...flow, id: 'x', name: 'y', version: '2.0.0', profile: 'web' }],
  [
    'summary, tags, policies, artifacts',
    {
      ...flow,
      summary: 'z',
      metadata: { tags: ['t'] },
      artifacts: [{ kind: 'a', path: 'b' }],
      policies: { lint: { require_control_hints: true } },
    },
  ],
  ['order of nodes', { ...flow, nodes: [...flow.nodes].reverse() }],
  ['order of edges', { ...flow, edges: [...flow.edges].reverse() }],
  [
    'node id, name, summary, source',
    withCharge({ id: 'q', name: 'Q', summary: 's', source: { file: 'b', line: 9, column: 9 } }),
  ],
  ['order of hints', withCharge({ determinismHints: ['resource::clock', 'resource::http'] })],
  [
    'surface ids and order',
    {
      ...flow,
      control_surfaces: [...flow.control_surfaces].reverse().map((s) => ({ ...s, id: `x${s.id}` })),
    },
  ],
  [
    'a member that is undefined',
    {
      ...flow,
      nodes: flow.nodes.map((n) => ({ ...n, timeout_ms: undefined }) as unknown as NodeIR),
    },
  ],
])('does not depend on %s', (_what, other) => {
  expect(structuralHash(other)).toBe(hash);
});

test('a default of a surface may be written out', () => {
  const join = (config: object): FlowIR => ({
    ...flow,
    control_surfaces: [{ id: 'j', kind: 'join', targets: ['receipt'], config }],
  });
  const short = { v: 1, target: 'receipt', sources: ['charge'] };
  expect(structuralHash(join(short))).toBe(
    structuralHash(join({ ...short, mode: 'all', timeout_ms: null })),
  );
  expect(structuralHash(join(short))).not.toBe(
    structuralHash(join({ ...short, mode: 'available' })),
  );
});

test('depends on everything else', () => {
  const edge = (fields: object) => ({
    ...flow,
    edges: [{ ...flow.edges[0]!, ...fields }, ...flow.edges.slice(1)],
  });
  const others: FlowIR[] = [
    flow,
    withCharge({ alias: 'charge2' }),
    withCharge({ identifier: 'other' }),
    withCharge({ kind: 'inline' }),
    withCharge({ effects: 'read_only' }),
    withCharge({ determinism: 'stable' }),
    withCharge({ in_schema: { kind: 'opaque' } }),
    withCharge({ idempotency: { key: '/other' } }),
    withCharge({ effectHints: [] }),
    withCharge({ timeout_ms: 5 }),
    withCharge({ code_hash: 'bb' }),
    withCharge({ params: { a: 1 } }),
    withCharge({ compensation: { identifier: 'undo' } }),
    withCharge({ checkpoint: 'c' }),
    edge({ delivery: 'exactly_once' }),
    edge({ ordering: 'unordered' }),
    edge({ buffer: { max_items: 9 } }),
    edge({ partition_key: '/id' }),
    edge({ timeout_ms: 7 }),
    { ...flow, edges: [...flow.edges, sampleEdge('receipt', 'refusal')] },
    { ...flow, nodes: flow.nodes.slice(1) },
    { ...flow, control_surfaces: flow.control_surfaces.slice(1) },
    { ...flow, checkpoints: [{ id: 'c' }] },
    { ...flow, schemas: {} },
    { ...flow, params: { p: { schema: true } } },
    { ...flow, deadline_ms: 1 },
    { ...flow, subflows: { inner: flow } },
  ];
  expect(new Set(others.map(structuralHash)).size).toBe(others.length);
});

test('any order of the parts gives one hash', () => {
  fc.assert(
    fc.property(
      fc.shuffledSubarray(flow.nodes.slice(), { minLength: 4 }),
      fc.shuffledSubarray(flow.edges.slice(), { minLength: 3 }),
      (nodes, edges) => {
        expect(structuralHash({ ...flow, nodes, edges })).toBe(hash);
      },
    ),
  );
});

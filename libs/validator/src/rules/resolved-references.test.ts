import { buildFlow, node, surface, trigger } from '../testing/build-flow.js';
import { expectFindings, expectFindingsOf } from '../testing/expect-findings.js';

const unresolved = (by: string, kind: string, name: string, pointer: string) => ({
  code: 'DAG216',
  message: `${by} refers to the ${kind} ${name}, which does not exist.`,
  pointer,
});

describe('resolved-references', () => {
  it('finds subflows, checkpoints and captures', () => {
    const nodes = [
      trigger('start', { trigger: { kind: 'manual', capture: 'nobody' } }),
      node('a', { kind: 'subflow', subflow: 'constructor' }),
      node('b', { checkpoint: 'approval' }),
    ];
    expectFindings(buildFlow({ nodes, edges: ['start -> a -> b'], subflows: {} }), [
      unresolved('Node start', 'node', 'nobody', '/nodes/0/trigger/capture'),
      unresolved('Node a', 'subflow', 'constructor', '/nodes/1/subflow'),
      unresolved('Node b', 'checkpoint', 'approval', '/nodes/2/checkpoint'),
    ]);
  });

  it('finds named schemas only where the flow defines some', () => {
    const named = { kind: 'named', name: 'Order' } as const;
    const nodes = ['start', node('a', { in_schema: named, out_schema: named })];
    const parts = { nodes, edges: ['start -> a'] };
    const codes = ['DAG216'];
    expectFindingsOf(codes, buildFlow(parts), []);
    expectFindingsOf(codes, buildFlow({ ...parts, schemas: { Order: true } }), []);
    expectFindingsOf(codes, buildFlow({ ...parts, schemas: { Ordre: true } }), [
      unresolved('Node a', 'schema', 'Order', '/nodes/1/in_schema/name'),
      unresolved('Node a', 'schema', 'Order', '/nodes/1/out_schema/name'),
    ]);
  });

  it('finds what surfaces refer to', () => {
    const config = { checkpoint_id: 'ok', correlation_key: '/id', source: 'a', target: 'b' };
    const parts = {
      nodes: ['start', 'a', 'b'],
      edges: ['start -> a -> b'],
      control_surfaces: [surface('await', config, ['a', 'ghost'])],
    };
    expectFindings(buildFlow(parts), [
      unresolved('Surface await:0', 'checkpoint', 'ok', '/control_surfaces/0/config/checkpoint_id'),
      unresolved('Surface await:0', 'node', 'ghost', '/control_surfaces/0/targets/1'),
    ]);
    const checkpoints = [{ id: 'ok' }];
    const control_surfaces = [surface('await', config)];
    expectFindings(buildFlow({ ...parts, checkpoints, control_surfaces }), []);
  });
});

import type { SurfaceKind } from '@basalt/ir';
import { buildFlow, surface } from '../testing/build-flow.js';
import { expectFindingsOf } from '../testing/expect-findings.js';

const codes = ['CTRL111', 'CTRL121', 'CTRL132'];
const nodes = ['start', 'a', 'b', 'c'];
const parts = { nodes, edges: ['start -> a -> b -> c'] };
const window = { event_time_pointer: '', size_ms: 1, allowed_lateness_ms: 0, watermark: 'w' };

const NEEDS: readonly (readonly [SurfaceKind, Record<string, unknown>, string, string])[] = [
  ['for_each', { source: 'a', items_pointer: '', body_entry: 'c' }, 'a -> c', 'body_entry'],
  [
    'for_each',
    { source: 'a', items_pointer: '', body_entry: 'b', body_exit: 'c', collect: 'a' },
    'c -> a',
    'collect',
  ],
  [
    'loop',
    { source: 'a', selector_pointer: '', body_entry: 'a', exit: 'b', max_iterations: 1 },
    'a -> a',
    'body_entry',
  ],
  ['window', { ...window, target: 'a', late: 'c' }, 'a -> c', 'late'],
  ['partition', { edge: { from: 'a', to: 'c' }, key: 'k' }, 'a -> c', 'edge'],
  ['timeout', { nodes: ['b', 'a'], timeout_ms: 1, handler: 'c' }, 'a -> c', 'nodes/1'],
  [
    'error_handler',
    { scope: { nodes: ['a'] }, strategy: 'fail', handler: 'c' },
    'a -> c',
    'scope/nodes/0',
  ],
  ['join', { target: 'c', sources: ['b', 'a'] }, 'a -> c', 'sources/1'],
  [
    'await',
    {
      checkpoint_id: 'k',
      correlation_key: '/id',
      source: 'a',
      target: 'b',
      on_timeout: 'c',
      timeout_ms: 1,
    },
    'a -> c',
    'on_timeout',
  ],
];

describe('surface-edges', () => {
  test.each(NEEDS)('%s %j', (kind, config, arrow, path) => {
    const control_surfaces = [surface(kind, config)];
    expectFindingsOf(codes, buildFlow({ ...parts, control_surfaces }), [
      {
        code: 'CTRL132',
        message: `The ${kind} surface ${kind}:0 needs the edge ${arrow}, which does not exist.`,
        pointer: `/control_surfaces/0/config/${path}`,
      },
    ]);
  });

  it('reports branches of if and switch, also where the node is not there', () => {
    const route = { source: 'a', selector_pointer: '/x' };
    const control_surfaces = [
      surface('if', { ...route, then: 'b', else: 'ghost' }, ['a', 'b', 'ghost']),
      surface('switch', { ...route, cases: { 'x/y': 'c', z: 'c' }, default: 'b' }, ['a', 'b', 'c']),
    ];
    expectFindingsOf(codes, buildFlow({ ...parts, control_surfaces }), [
      {
        code: 'CTRL121',
        message: 'If if:0 sends to ghost, but there is no edge a -> ghost.',
        pointer: '/control_surfaces/0/config/else',
      },
      {
        code: 'CTRL111',
        message: 'Switch switch:0 sends to c, but there is no edge a -> c.',
        pointer: '/control_surfaces/1/config/cases/x~1y',
      },
    ]);
  });
});

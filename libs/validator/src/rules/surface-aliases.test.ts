import type { SurfaceKind } from '@basalt/ir';
import { buildFlow, surface } from '../testing/build-flow.js';
import { expectFindingsOf } from '../testing/expect-findings.js';

const parts = { nodes: ['start', 'a', 'b'], edges: ['start -> a -> b'] };
const window = { event_time_pointer: '', size_ms: 1, allowed_lateness_ms: 0, watermark: 'w' };

const ROWS: readonly (readonly [SurfaceKind, Record<string, unknown>, string])[] = [
  ['for_each', { source: 'x', items_pointer: '', body_entry: 'b' }, 'source'],
  ['for_each', { source: 'a', items_pointer: '', body_entry: 'b', body_exit: 'x' }, 'body_exit'],
  [
    'loop',
    { source: 'a', selector_pointer: '', body_entry: 'a', exit: 'x', max_iterations: 1 },
    'exit',
  ],
  ['window', { ...window, target: 'x' }, 'target'],
  ['window', { ...window, target: 'a', late: 'x' }, 'late'],
  ['partition', { edge: { from: 'a', to: 'x' }, key: 'k' }, 'edge/to'],
  ['timeout', { nodes: ['a', 'x'], timeout_ms: 1 }, 'nodes/1'],
  ['rate_limit', { target: 'x', qps: 1, burst: 1 }, 'target'],
  ['error_handler', { scope: { nodes: ['x'] }, strategy: 'fail' }, 'scope/nodes/0'],
  ['join', { target: 'b', sources: ['a', 'x'] }, 'sources/1'],
  ['merge', { target: 'x', sources: ['a', 'b'] }, 'target'],
  ['zip', { target: 'b', sources: ['a', 'x'] }, 'sources/1'],
  ['await', { checkpoint_id: 'k', correlation_key: '/id', source: 'a', target: 'x' }, 'target'],
];

describe('surface-aliases', () => {
  test.each(ROWS)('%s %j', (kind, config, path) => {
    const control_surfaces = [surface(kind, config)];
    expectFindingsOf(['CTRL131'], buildFlow({ ...parts, control_surfaces }), [
      {
        code: 'CTRL131',
        message: `The ${kind} surface ${kind}:0 names the node x, which does not exist.`,
        pointer: `/control_surfaces/0/config/${path}`,
      },
    ]);
  });

  it('is silent where every node is there', () => {
    const control_surfaces = [surface('rate_limit', { target: 'a', qps: 1, burst: 1 })];
    expectFindingsOf(['CTRL131'], buildFlow({ ...parts, control_surfaces }), []);
  });
});

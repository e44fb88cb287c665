import type { SurfaceKind } from '@basalt/ir';
import { buildFlow, surface } from '../testing/build-flow.js';
import { expectFindingsOf } from '../testing/expect-findings.js';
import { surfaceShape } from './surface-shape.js';

const parts = { nodes: ['start', 'a', 'b', 'c'], edges: ['start -> a -> b', 'a -> c'] };

type Row = readonly [SurfaceKind, Record<string, unknown>, string, string, (readonly string[])?];

const all = ['a', 'b', 'c'];
const route = { source: 'a', selector_pointer: '/x' };
const window = { event_time_pointer: '/t', size_ms: 10, allowed_lateness_ms: 0, watermark: 'w' };
const wait = { checkpoint_id: 'k', correlation_key: '/id' };

const BAD: readonly Row[] = [
  [
    'if',
    {},
    'CTRL120',
    'If if:0 is not valid: it lacks source; it lacks selector_pointer; it lacks then; it lacks else.',
  ],
  [
    'if',
    { ...route, then: 'b', else: 'c' },
    'CTRL120',
    'If if:0 is not valid: targets lacks c.',
    ['a', 'b'],
  ],
  [
    'if',
    { ...route, selector_pointer: 'x', then: 'b', else: '' },
    'CTRL120',
    'If if:0 is not valid: selector_pointer must be a pointer: empty, or starting with "/"; else must not be empty.',
    all,
  ],
  [
    'if',
    { ...route, v: 2, then: 'b', else: 'c' },
    'CTRL120',
    'If if:0 is not valid: v must be 1.',
    all,
  ],
  [
    'if',
    { ...route, selector_pointer: '/~2', then: 'b', else: 'c' },
    'CTRL120',
    'If if:0 is not valid: "~" in selector_pointer is not followed by 0 or 1.',
    all,
  ],
  [
    'switch',
    { ...route, cases: {} },
    'CTRL110',
    'Switch switch:0 is not valid: cases must have at least one entry.',
    all,
  ],
  [
    'switch',
    { ...route, cases: { x: 'b' }, default: 'c' },
    'CTRL110',
    'Switch switch:0 is not valid: targets lacks b; targets lacks c.',
    ['a'],
  ],
  [
    'partition',
    { edge: { from: 'a', to: 'b' } },
    'CTRL130',
    'The partition surface partition:0 is not valid: it lacks key.',
  ],
  [
    'rate_limit',
    { target: 'a', qps: 0, burst: 0.5 },
    'CTRL140',
    'Rate limit rate_limit:0 is not valid: qps must be above 0; burst must be an integer; burst must be at least 1.',
  ],
  [
    'window',
    { ...window, type: 'sliding' },
    'CTRL141',
    'Window window:0 is not valid: neither target nor the first of targets names the node that receives windows; a sliding window needs slide_ms.',
  ],
  [
    'window',
    { ...window, type: 'sliding', slide_ms: 11 },
    'CTRL141',
    'Window window:0 is not valid: slide_ms 11 is above size_ms 10, so items would be lost.',
    ['a'],
  ],
  [
    'window',
    { ...window, slide_ms: 5, gap_ms: 5 },
    'CTRL141',
    'Window window:0 is not valid: slide_ms has no meaning for a tumbling window; gap_ms has no meaning for a tumbling window.',
    ['a'],
  ],
  [
    'window',
    { ...window, type: 'session' },
    'CTRL141',
    'Window window:0 is not valid: a session window needs gap_ms.',
    ['a'],
  ],
  [
    'window',
    { ...window, type: 'session', gap_ms: 20 },
    'CTRL141',
    'Window window:0 is not valid: gap_ms 20 is above size_ms 10, the longest session.',
    ['a'],
  ],
  [
    'window',
    { ...window, type: 'hopping' },
    'CTRL141',
    'Window window:0 is not valid: type must be one of tumbling, sliding, session.',
    ['a'],
  ],
  [
    'loop',
    { ...route, body_entry: 'b', exit: 'b', max_iterations: 3 },
    'CTRL142',
    'Loop loop:0 is not valid: exit is the same node as body_entry.',
  ],
  [
    'await',
    { ...wait, on_timeout: 'c' },
    'CTRL143',
    'Await await:0 is not valid: neither target nor targets[1] is given; on_timeout needs timeout_ms.',
    ['a'],
  ],
  [
    'await',
    wait,
    'CTRL143',
    'Await await:0 is not valid: target is the same node as source.',
    ['a', 'a'],
  ],
  [
    'join',
    { target: 'a', sources: [] },
    'CTRL144',
    'Surface join:0 is not valid: sources must have at least 1 entries.',
  ],
  [
    'zip',
    { target: 'c', sources: ['a'] },
    'CTRL144',
    'Surface zip:0 is not valid: sources must have at least 2 entries.',
  ],
  [
    'merge',
    { target: 'c', sources: ['a', 'a', 'c'] },
    'CTRL144',
    'Surface merge:0 is not valid: sources names a twice; sources names the target itself.',
  ],
  [
    'error_handler',
    { scope: { nodes: ['a'] }, strategy: 'ignore' },
    'CTRL145',
    'Error handler error_handler:0 is not valid: strategy must be one of retry, fail, continue.',
  ],
  [
    'error_handler',
    { scope: { nodes: ['a'] }, strategy: 'fail', max_retries: 2 },
    'CTRL145',
    'Error handler error_handler:0 is not valid: max_retries belongs to the strategy retry.',
  ],
  [
    'timeout',
    { nodes: [], timeout_ms: 0 },
    'CTRL146',
    'Timeout timeout:0 is not valid: nodes must have at least 1 entries; timeout_ms must be at least 1.',
  ],
  [
    'for_each',
    { source: 'a', items_pointer: '', body_entry: 'b', collect: 'c' },
    'CTRL147',
    'For_each for_each:0 is not valid: collect needs body_exit.',
  ],
  [
    'for_each',
    { source: 'a', items_pointer: '', body_entry: 'a', concurrency: 0 },
    'CTRL147',
    'For_each for_each:0 is not valid: concurrency must be at least 1.',
  ],
];

describe('surface-shape', () => {
  test.each(BAD.map((row) => [row]))('%j', ([kind, config, code, message, targets = []]) => {
    const control_surfaces = [surface(kind, config, targets)];
    expectFindingsOf(surfaceShape.codes, buildFlow({ ...parts, control_surfaces }), [
      { code, message, pointer: '/control_surfaces/0/config' },
    ]);
  });

  test.each([undefined, null, 1, 'x', []])('a configuration that is %j', (config) => {
    const lacks = config === undefined || config === null;
    const problem = lacks
      ? 'it lacks v; it lacks target; it lacks sources'
      : 'it must be an object';
    const control_surfaces = [{ id: 'j', kind: 'join' as const, targets: [], config }];
    expectFindingsOf(surfaceShape.codes, buildFlow({ ...parts, control_surfaces }), [
      {
        code: 'CTRL144',
        message: `Surface j is not valid: ${problem}.`,
        pointer: `/control_surfaces/0${config === undefined ? '' : '/config'}`,
      },
    ]);
  });

  it('accepts nulls for optional keys, and fills defaults in', () => {
    const control_surfaces = [
      surface('join', { target: 'c', sources: ['a'], timeout_ms: null }),
      surface('switch', { ...route, cases: { ['__proto__']: 'b' }, default: null }, ['a', 'b']),
      surface('window', { ...window, type: 'sliding', slide_ms: 10, target: 'b' }),
    ];
    expectFindingsOf(surfaceShape.codes, buildFlow({ ...parts, control_surfaces }), []);
  });
});

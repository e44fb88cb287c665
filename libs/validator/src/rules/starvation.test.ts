import type { ControlSurfaceIR, SurfaceKind } from '@basalt/ir';
import { buildFlow, edge, surface, trigger, type FlowParts } from '../testing/build-flow.js';
import { expectFindingsOf } from '../testing/expect-findings.js';

const route = { source: 'a', selector_pointer: '/x' };
const anIf = surface('if', { ...route, then: 'b', else: 'c' }, ['a', 'b', 'c']);
const gather = (config: Record<string, unknown> = {}, kind: SurfaceKind = 'join') =>
  surface(kind, { target: 'end', sources: ['b', 'c'], ...config });
const diamond = (...control_surfaces: ControlSurfaceIR[]) =>
  buildFlow({
    nodes: ['start', 'a', 'b', 'c', 'end'],
    edges: ['start -> a -> b -> end', 'a -> c -> end'],
    control_surfaces,
  });

const starves = (source: string, reason: string, nth: number, at = 1, id = 'join:0') => ({
  code: 'DAG214',
  message: `Surface ${id} at end can wait for ${source} for ever: ${reason}.`,
  pointer: `/control_surfaces/${at}/config/sources/${nth}`,
});

describe('starvation', () => {
  it('reports sources on different branches', () => {
    expectFindingsOf(['DAG214'], diamond(anIf, gather()), [
      starves('b', 'it only sends when if:0 takes then', 0),
      starves('c', 'it only sends when if:0 takes else', 1),
    ]);
    const zip = gather({}, 'zip');
    expectFindingsOf(['DAG214'], diamond(anIf, zip), [
      starves('b', 'it only sends when if:0 takes then', 0, 1, 'zip:0'),
      starves('c', 'it only sends when if:0 takes else', 1, 1, 'zip:0'),
    ]);
  });

  test.each([
    ['no branch', diamond(gather())],
    ['mode available', diamond(anIf, gather({ mode: 'available' }))],
    ['a time limit', diamond(anIf, gather({ timeout_ms: 10 }))],
    ['a merge', diamond(anIf, gather({}, 'merge'))],
    ['a zip that drops', diamond(anIf, gather({ on_uneven: 'drop' }, 'zip'))],
  ])('accepts %s', (_, flow) => expectFindingsOf(['DAG214'], flow, []));

  it('reports a source that is on one branch while the other always sends', () => {
    const flow = buildFlow({
      nodes: ['start', 'a', 'b', 'c', 'end'],
      edges: ['start -> a -> b -> end', 'a -> c', 'start -> end'],
      control_surfaces: [anIf, surface('join', { target: 'end', sources: ['start', 'b'] })],
    });
    expectFindingsOf(['DAG214'], flow, [starves('b', 'it only sends when if:0 takes then', 1)]);
  });

  it('knows that branches which meet again cover everything', () => {
    const nodes = ['start', 'a', 'b', 'c', 'd', 'meet', 'side', 'end'];
    const edges = [
      'start -> a -> b -> meet -> end',
      'a -> c -> meet',
      'a -> d -> meet',
      'start -> side -> end',
    ];
    const join = surface('join', { target: 'end', sources: ['meet', 'side'] });
    const cases = { x: 'b', y: 'c', z: 'b' };
    const full = surface('switch', { ...route, cases, default: 'd' }, ['a', 'b', 'c', 'd']);
    expectFindingsOf(['DAG214'], buildFlow({ nodes, edges, control_surfaces: [full, join] }), []);
    const open = edges.filter((e) => e !== 'a -> d -> meet');
    const flow = buildFlow({ nodes, edges: [...open, 'a -> d'], control_surfaces: [full, join] });
    const reason =
      'it only sends when switch:0 takes case x, or switch:0 takes case z, or switch:0 takes case y';
    expectFindingsOf(['DAG214'], flow, [starves('meet', reason, 0)]);
  });

  it('names the way that a source misses', () => {
    const cases = { x: 'b', y: 'c', z: 'd' };
    const flow = buildFlow({
      nodes: ['start', 'a', 'b', 'c', 'd', 'end'],
      edges: ['start -> a -> b -> end', 'a -> c -> end', 'a -> d'],
      control_surfaces: [surface('switch', { ...route, cases }, ['a', 'b', 'c', 'd']), gather()],
    });
    expectFindingsOf(['DAG214'], flow, [
      starves('b', 'it sends nothing when switch:0 takes case y', 0),
      starves('c', 'it sends nothing when switch:0 takes case x', 1),
    ]);
  });

  it('accepts a join that lies in one branch', () => {
    const flow = buildFlow({
      nodes: ['start', 'a', 'b', 'c', 'l', 'r', 'end'],
      edges: ['start -> a -> b -> l -> end', 'a -> c', 'b -> r -> end'],
      control_surfaces: [anIf, surface('join', { target: 'end', sources: ['l', 'r'] })],
    });
    expectFindingsOf(['DAG214'], flow, []);
  });

  const loose: readonly (readonly [string, FlowParts, string])[] = [
    [
      'the body of a for_each that may have no items',
      {
        nodes: ['start', 'b', 'c', 'end'],
        edges: ['start -> b -> end', 'start -> c -> end'],
        control_surfaces: [
          surface('for_each', { source: 'start', items_pointer: '', body_entry: 'b' }),
          gather(),
        ],
      },
      'it only sends when for_each:0 has an item',
    ],
    [
      'a node whose failures are dropped',
      {
        nodes: ['start', 'b', 'c', 'end'],
        edges: ['start -> b -> end', 'start -> c -> end'],
        control_surfaces: [
          surface('error_handler', { scope: { nodes: ['b'] }, strategy: 'continue' }),
          gather(),
        ],
      },
      'it only sends when b succeeds',
    ],
    [
      'a node whose failures are handled elsewhere',
      {
        nodes: ['start', 'b', 'c', 'h', 'end'],
        edges: ['start -> b -> end', 'start -> c -> end', 'b -> h'],
        control_surfaces: [
          surface('timeout', { nodes: ['b'], timeout_ms: 5, handler: 'h' }),
          gather(),
        ],
      },
      'it only sends when b succeeds',
    ],
    [
      'an edge that drops messages',
      {
        nodes: ['start', 'b', 'c', 'end'],
        edges: [
          edge('start -> b', { buffer: { on_drop: 'drop_newest' } }),
          'b -> end',
          'start -> c -> end',
        ],
        control_surfaces: [
          surface('partition', { edge: { from: 'b', to: 'end' }, key: 'k' }),
          gather(),
        ],
      },
      'it only sends when the edge start -> b drops nothing',
    ],
    [
      'an await that may time out',
      {
        nodes: ['start', 'w', 'b', 'late', 'c', 'end'],
        edges: ['start -> w -> b -> end', 'w -> late', 'start -> c -> end'],
        checkpoints: [{ id: 'k' }],
        control_surfaces: [
          surface('await', {
            checkpoint_id: 'k',
            correlation_key: '/id',
            source: 'w',
            target: 'b',
            timeout_ms: 5,
            on_timeout: 'late',
          }),
          gather(),
        ],
      },
      'it only sends when await:0 gets its event',
    ],
  ];
  test.each(loose)('reports %s', (_, parts, reason) => {
    expectFindingsOf(['DAG214'], buildFlow(parts), [starves('b', reason, 0)]);
  });

  it('accepts what a for_each has collected', () => {
    const flow = buildFlow({
      nodes: ['start', 'item', 'b', 'c', 'end'],
      edges: ['start -> item -> b -> end', 'start -> c -> end'],
      control_surfaces: [
        surface('for_each', {
          source: 'start',
          items_pointer: '',
          body_entry: 'item',
          body_exit: 'item',
          collect: 'b',
        }),
        gather(),
      ],
    });
    expectFindingsOf(['DAG214'], flow, []);
  });

  it('reports sources behind different triggers, and one that nothing reaches', () => {
    const lint = { require_control_hints: false, allow_multiple_triggers: true };
    const flow = buildFlow({
      nodes: [trigger('b'), trigger('c'), 'end'],
      edges: ['b -> end', 'c -> end'],
      policies: { lint },
      control_surfaces: [gather()],
    });
    expectFindingsOf(['DAG214'], flow, [
      starves('b', 'it only sends when the execution starts at b', 0, 0),
      starves('c', 'it only sends when the execution starts at c', 1, 0),
    ]);
    const parts = { nodes: ['start', 'b', 'c', 'end'], edges: ['start -> b -> end', 'c -> end'] };
    const merge = buildFlow({ ...parts, control_surfaces: [gather({}, 'merge')] });
    expectFindingsOf(['DAG214'], merge, [starves('c', 'no trigger reaches it', 1, 0, 'merge:0')]);
  });
});

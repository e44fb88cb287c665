import { normalizeFlow, type FlowIR } from '@basalt/ir';
import { bundleOf, chain, pass } from '../testing/flow-fixture.js';
import { canContinue } from './can-continue.js';
import type { RunRecord } from './run-journal.js';

const before = normalizeFlow(
  bundleOf({
    nodes: {
      begin: pass,
      work: { run: pass, effects: 'effectful', idempotency: { key: '/id' } },
      end: pass,
    },
    edges: chain('begin', 'work', 'end'),
  }).ir,
);

/** The flow with another node `work`. */
const changed = (change: object): FlowIR => ({
  ...before,
  nodes: before.nodes.map((node) => (node.alias === 'work' ? { ...node, ...change } : node)),
});

const done = (alias: string): RunRecord => ({
  kind: 'result',
  key: alias,
  alias,
  attempt: 1,
  input: 'h',
  emitted: 0,
  at: 0,
});

const withoutEnd: FlowIR = {
  ...before,
  nodes: before.nodes.filter(({ alias }) => alias !== 'end'),
  edges: before.edges.filter(({ to }) => to !== 'end'),
};

describe('an execution and a changed flow', () => {
  it('go on where nothing of meaning has changed', () => {
    const renamed = changed({ name: 'other', summary: 'better told' });
    expect(canContinue(before, renamed, [done('begin'), done('work')])).toEqual({
      kind: 'continue',
    });
  });

  it('go on where what has changed was not begun, and are pinned where it was (DUR110)', () => {
    expect(canContinue(before, withoutEnd, [done('begin')])).toEqual({ kind: 'continue' });
    const pinned = canContinue(before, withoutEnd, [done('begin'), done('work')]);
    expect(pinned).toMatchObject({ kind: 'pinned', finding: { code: 'DUR110' } });
    expect(pinned.kind !== 'continue' && pinned.finding.message).toMatch(
      /^The execution cannot go on with the changed flow: node end is removed: /,
    );
  });

  it('are refused where something changes that outlives executions (DUR111)', () => {
    const refused = canContinue(before, changed({ idempotency: { key: '/customer' } }), []);
    expect(refused).toMatchObject({ kind: 'refused', finding: { code: 'DUR111' } });
  });

  it('are pinned by a change in a subflow that has begun', () => {
    const outer = (inner: FlowIR): FlowIR => ({
      ...before,
      nodes: [
        before.nodes[0]!,
        { ...before.nodes[1]!, alias: 'sub', kind: 'subflow', subflow: 'inner' },
      ],
      edges: [{ ...before.edges[0]!, to: 'sub' }],
      subflows: { inner },
    });
    const history = [done('begin')];
    expect(canContinue(outer(before), outer(withoutEnd), []).kind).toBe('continue');
    expect(canContinue(outer(before), outer(withoutEnd), [...history, done('work')]).kind).toBe(
      'pinned',
    );
  });
});

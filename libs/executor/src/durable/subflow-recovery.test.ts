import type { Value } from '@basalt/ir';
import { compilePlan } from '../plan/compile-plan.js';
import type { NodeContext, NodeHandler } from '../node-handler.js';
import { startRun } from '../run/run.js';
import { bundleOf, chain, pass, type EdgeFixture } from '../testing/flow-fixture.js';
import { MemoryJournal } from '../testing/memory-journal.js';
import type { RunRecord } from './run-journal.js';

const effect = {
  effects: 'effectful',
  determinism: 'nondeterministic',
  idempotency: { key: '' },
  compensation: { identifier: 'undo' },
} as const;

const retry = {
  max_attempts: 2,
  backoff_ms: 0,
  multiplier: 1,
  max_backoff_ms: 0,
  jitter: 'none',
  owner: 'orchestrator',
} as const;

interface Outer {
  /** The last node of the subflow. */
  readonly last: NodeHandler;
  readonly log: string[];
  readonly sub?: object;
  readonly edges?: readonly EdgeFixture[];
  readonly more?: Record<string, NodeHandler>;
  readonly surfaces?: Parameters<typeof bundleOf>[0]['surfaces'];
}

/** begin -> sub (book -> last) -> end. */
function nested({ last, log, sub, edges, more, surfaces }: Outer) {
  const book: NodeHandler = (value: Value) => {
    log.push(`book ${String(value)}`);
    return value;
  };
  const inner = bundleOf({
    nodes: { book: { run: book, ...effect }, last },
    edges: chain('book', 'last'),
  });
  const bundle = bundleOf({
    nodes: {
      begin: pass,
      sub: { run: pass, kind: 'subflow', subflow: 'inner', ...sub },
      end: pass,
      ...more,
    },
    edges: edges ?? chain('begin', 'sub', 'end'),
    ...(surfaces === undefined ? {} : { surfaces }),
    more: { subflows: { inner: inner.ir } },
    handlers: {
      ...Object.fromEntries(inner.handlers),
      undo: ({ input }: { input: Value }, context: NodeContext) => {
        log.push(
          `undo ${String(input)} in ${context.runId.split('/').length} for ${context.metadata.labels['lf.flow_id']}`,
        );
      },
    },
  });
  return compilePlan(bundle);
}

async function execute(outer: Omit<Outer, 'log'>, journal: MemoryJournal, capture = 'end') {
  const log: string[] = [];
  const run = startRun(nested({ ...outer, log }), { payload: 'room', capture, journal });
  const { status, output } = await run.result;
  return { status, output, log };
}

const isDone = (kind: RunRecord['kind'], alias: string, records: readonly RunRecord[]) =>
  records.some((record) => record.kind === kind && 'alias' in record && record.alias === alias);

describe('a subflow, taken up after a crash', () => {
  it('goes on inside', async () => {
    const whole = new MemoryJournal();
    const outer = { last: pass };
    await execute(outer, whole);
    for (let cut = 0; cut < whole.records.length; cut += 1) {
      const rest = await execute(outer, whole.cutAt(cut));
      const booked = isDone('result', 'book', whole.records.slice(0, cut));
      expect([cut, rest]).toEqual([
        cut,
        { status: 'completed', output: 'room', log: booked ? [] : ['book room'] },
      ]);
    }
  });

  it('is tried again as a whole, each attempt with its own records', async () => {
    let calls = 0;
    const last: NodeHandler = () => {
      calls += 1;
      if (calls % 2 === 1) throw new Error('not yet');
      return 'done';
    };
    const outer = { last, sub: { retry } };
    const whole = new MemoryJournal();
    const first = await execute(outer, whole);
    expect(first).toMatchObject({ status: 'completed', output: 'done' });
    const undone = 'undo room in 3 for test';
    expect(first.log).toEqual(['book room', undone, 'book room']);
    const failed = whole.records.findIndex((r) => r.kind === 'failure' && r.alias === 'sub');
    calls = 1;
    expect(await execute(outer, whole.cutAt(failed + 1))).toEqual({
      status: 'completed',
      output: 'done',
      log: ['book room'],
    });
  });

  it('is undone where it has failed, and the flow around it goes on', async () => {
    const last: NodeHandler = () => {
      throw new Error('full');
    };
    const outer = {
      last,
      edges: ['begin -> sub', 'sub -> end', 'sub -> other'],
      more: { other: pass },
      surfaces: [
        ['error_handler', { scope: { nodes: ['sub'] }, strategy: 'continue', handler: 'other' }],
      ] as never,
    };
    const whole = new MemoryJournal();
    const first = await execute(outer, whole, 'other');
    expect(first.log).toEqual(['book room', 'undo room in 3 for test']);
    for (let cut = 0; cut < whole.records.length; cut += 1) {
      const before = whole.records.slice(0, cut);
      const rest = await execute(outer, whole.cutAt(cut), 'other');
      expect([cut, rest.status, rest.output]).toEqual([cut, 'completed', first.output]);
      expect([cut, rest.log.length]).toEqual([
        cut,
        2 -
          Number(isDone('result', 'book', before)) -
          Number(isDone('compensated', 'book', before)),
      ]);
    }
  });

  it('is undone with the flow around it, also when it was at work', async () => {
    const outer = {
      last: () => new Promise<never>(() => undefined),
      edges: ['begin -> sub', 'sub -> end', 'begin -> fails'],
      more: {
        fails: async () => {
          for (let i = 0; i < 20; i += 1) await new Promise((resolve) => setImmediate(resolve));
          throw new Error('the other branch');
        },
      },
    };
    const whole = new MemoryJournal();
    const log: string[] = [];
    const run = startRun(
      nested({ ...outer, log }),
      { payload: 'room', capture: 'end', journal: whole },
      { graceMs: 0 },
    );
    expect((await run.result).status).toBe('failed');
    expect(log).toEqual(['book room', 'undo room in 3 for test']);
    const undoing = whole.records.findIndex(({ kind }) => kind === 'compensating');
    for (let cut = undoing + 1; cut < whole.records.length; cut += 1) {
      const undone = isDone('compensated', 'book', whole.records.slice(0, cut));
      const rest = await execute(outer, whole.cutAt(cut));
      expect([rest.status, rest.log]).toEqual([
        'failed',
        undone ? [] : ['undo room in 3 for test'],
      ]);
    }
  });
});

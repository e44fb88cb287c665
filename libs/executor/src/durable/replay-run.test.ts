import { compilePlan } from '../plan/compile-plan.js';
import type { NodeHandler } from '../node-handler.js';
import { startRun } from '../run/run.js';
import { bundleOf, chain, pass } from '../testing/flow-fixture.js';
import { MemoryJournal } from '../testing/memory-journal.js';
import { replayRun } from './replay-run.js';
import type { RunRecord } from './run-journal.js';

const start = { runId: 'the-run', payload: { id: 1, n: 1 } };
type In = { id: number; n: number };

/** request -> price (strict) -> charge (effectful) -> receipt (strict). */
function shop(
  price: NodeHandler = ({ id, n }: In) => ({ id, n: n + 1 }),
  charge: NodeHandler = ({ id, n }: In) => ({ id, n: n * 10 }),
  last: NodeHandler = pass,
) {
  return compilePlan(
    bundleOf({
      nodes: {
        request: pass,
        price,
        charge: { run: charge, effects: 'effectful', determinism: 'nondeterministic' },
        receipt: last,
      },
      edges: chain('request', 'price', 'charge', 'receipt'),
    }),
  );
}

async function recordOf(plan = shop()): Promise<readonly RunRecord[]> {
  const journal = new MemoryJournal();
  await startRun(plan, { payload: start.payload, journal }).result;
  return journal.records;
}

const forbidden: NodeHandler = () => {
  throw new Error('called in a replay');
};

describe('a replay', () => {
  it('calls strict nodes, answers for the others, and finds no difference', async () => {
    const history = await recordOf();
    expect(await replayRun(shop(undefined, forbidden), start, history)).toEqual({
      divergence: undefined,
      finding: undefined,
      called: 3,
      answered: 1,
      isComplete: true,
    });
  });

  it('names the first difference', async () => {
    const history = await recordOf();
    const changed = shop(({ id, n }: In) => ({ id, n: n + 2 }), forbidden, forbidden);
    const report = await replayRun(changed, start, history);
    const key = history.find((record) => 'alias' in record && record.alias === 'price') as {
      key: string;
    };
    expect(report.divergence).toEqual({
      node: 'price',
      key: key.key,
      where: 'its result',
      expected: { id: 1, n: 2 },
      got: { id: 1, n: 3 },
    });
    expect(report.finding).toMatchObject({
      code: 'DUR112',
      message: 'The replay differs from the journal at node price: its result.',
      details: { expected: { id: 1, n: 2 }, got: { id: 1, n: 3 } },
    });
  });

  it('finds a node that fails now, or does not fail any more', async () => {
    const fails: NodeHandler = () => {
      throw new Error('no');
    };
    const now = await replayRun(shop(fails), start, await recordOf());
    expect(now.divergence).toMatchObject({ node: 'price', where: 'its failure', got: 'no' });
    const before = await replayRun(shop(), start, await recordOf(shop(fails)));
    expect(before.divergence).toMatchObject({ node: 'price', expected: 'no', got: { n: 2 } });
    const both = await replayRun(shop(fails), start, await recordOf(shop(fails)));
    expect(both).toMatchObject({ divergence: undefined, isComplete: true });
  });

  it('finds another payload', async () => {
    const report = await replayRun(
      shop(),
      { ...start, payload: { id: 2, n: 1 } },
      await recordOf(),
    );
    expect(report.divergence).toMatchObject({
      node: 'request',
      where: 'its input',
      expected: undefined,
      got: { id: 2, n: 1 },
    });
  });

  it('compares what is there of a run without an outcome, and calls nothing beyond', async () => {
    const history = (await recordOf()).slice(0, 3);
    const report = await replayRun(shop(undefined, forbidden), start, history);
    expect(report).toEqual({
      divergence: undefined,
      finding: undefined,
      called: 2,
      answered: 0,
      isComplete: false,
    });
  });

  it('compares the items of a stream', async () => {
    const items = (from: number): NodeHandler =>
      async function* () {
        yield from;
        yield 2;
      };
    const flow = (first: number) =>
      compilePlan(
        bundleOf({
          nodes: { begin: pass, items: items(first), out: pass },
          edges: chain('begin', 'items', 'out'),
        }),
      );
    const journal = new MemoryJournal();
    const run = startRun(flow(1), { payload: null, journal, mode: 'stream' });
    for await (const _ of run.outputs());
    const records = journal.records;
    const payload = null;
    expect(await replayRun(flow(1), { runId: 'r', payload }, records)).toMatchObject({
      divergence: undefined,
      isComplete: true,
    });
    expect((await replayRun(flow(7), { runId: 'r', payload }, records)).divergence).toMatchObject({
      node: 'items',
      where: 'value 1 of what it sends',
      expected: 1,
      got: 7,
    });
  });

  it('refuses the journal of another flow', async () => {
    const other = compilePlan(
      bundleOf({ nodes: { begin: pass, end: pass }, edges: chain('begin', 'end') }),
    );
    const report = await replayRun(other, start, await recordOf());
    expect(report).toMatchObject({
      isComplete: false,
      called: 0,
      finding: {
        code: 'DUR104',
        message: 'The journal does not fit the execution: the flow test has no node request.',
      },
    });
  });
});

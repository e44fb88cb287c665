import type { EdgeFixture } from '../testing/flow-fixture.js';
import { compilePlan } from '../plan/compile-plan.js';
import type { Invoke } from '../run/host-options.js';
import { startRun } from '../run/run.js';
import { bundleOf, pass } from '../testing/flow-fixture.js';
import { MemoryJournal } from '../testing/memory-journal.js';

/** A journal whose process died while `mail` was at work. */
async function crashed(edge: EdgeFixture = 'begin -> mail') {
  const journal = new MemoryJournal();
  let called!: () => void;
  const atWork = new Promise<void>((resolve) => (called = resolve));
  const hangs = () => {
    called();
    return new Promise<never>(() => undefined);
  };
  const run = startRun(flow(edge, hangs), { payload: 5, journal }, { graceMs: 0 });
  await atWork;
  const rest = journal.cutAt(journal.records.length);
  await run.cancel();
  return rest;
}

function flow(edge: EdgeFixture, mail: () => unknown) {
  return compilePlan(
    bundleOf({
      nodes: {
        begin: pass,
        mail: { run: mail as never, effects: 'effectful', determinism: 'nondeterministic' },
        end: pass,
      },
      edges: [edge, 'mail -> end'],
    }),
  );
}

async function goOn(journal: MemoryJournal, more: Partial<Invoke> = {}, edge?: EdgeFixture) {
  let calls = 0;
  const mail = () => {
    calls += 1;
    return 'sent again';
  };
  const dropped: string[] = [];
  const plan = flow(edge ?? 'begin -> mail', mail);
  const observer = {
    dropped: (_: unknown, alias: string, reason: string) => dropped.push(`${alias} ${reason}`),
  };
  const run = startRun(plan, { payload: 5, journal, ...more }, { observer });
  const { status, output, diagnostics } = await run.result;
  return { status, output, calls, dropped, found: diagnostics.map(({ message }) => message) };
}

describe('an effectful node without a key that was at work when the process died', () => {
  it('stops the execution, which stays as it is until somebody decides (DUR102)', async () => {
    const journal = await crashed();
    const asked = {
      status: 'interrupted',
      output: undefined,
      calls: 0,
      dropped: [],
      found: [
        'The process stopped while node mail of the execution the-run was at work, and the node has ' +
          'no idempotency key: whether it did what it does is not known.',
      ],
    };
    expect(await goOn(journal)).toEqual(asked);
    expect(await goOn(journal.cutAt(journal.records.length))).toEqual(asked);
  });

  it('is called again where that is decided', async () => {
    expect(await goOn(await crashed(), { outcomes: { mail: 'repeat' } })).toMatchObject({
      status: 'completed',
      output: 'sent again',
      calls: 1,
    });
  });

  it('is taken as done where that is decided, also after the next crash', async () => {
    const journal = await crashed();
    const done = { status: 'completed', output: 'by hand', calls: 0, dropped: [], found: [] };
    expect(await goOn(journal, { outcomes: { mail: { done: 'by hand' } } })).toEqual(done);
    const withoutEnd = journal.cutAt(journal.records.length - 2);
    expect(await goOn(withoutEnd)).toEqual(done);
  });

  it('is given up where its edge delivers at most once', async () => {
    const edge = { edge: 'begin -> mail', delivery: 'at_most_once' } as const;
    const journal = await crashed(edge);
    const dropped = {
      status: 'failed',
      output: undefined,
      calls: 0,
      dropped: ['mail unknown'],
      found: [expect.stringContaining('end')],
    };
    expect(await goOn(journal, {}, edge)).toEqual(dropped);
    const again = journal.cutAt(journal.records.findIndex(({ kind }) => kind === 'dropped') + 1);
    expect(await goOn(again, {}, edge)).toEqual(dropped);
  });

  it('is called again where it was not yet called when the execution was stopped', async () => {
    const journal = new MemoryJournal();
    let calls = 0;
    const plan = flow('begin -> mail', () => (calls += 1));
    const run = startRun(plan, { payload: 5, journal }, {});
    await run.interrupt('the worker stops');
    expect([(await run.result).status, calls]).toEqual(['interrupted', 0]);
    expect(await goOn(journal.cutAt(journal.records.length))).toMatchObject({
      status: 'completed',
      calls: 1,
    });
  });

  it('keeps the result of a handler that ends while the execution is being stopped', async () => {
    const journal = new MemoryJournal();
    let called!: () => void;
    let finish!: (value: string) => void;
    const atWork = new Promise<void>((resolve) => (called = resolve));
    const mail = () => {
      called();
      return new Promise((resolve) => (finish = resolve));
    };
    const run = startRun(flow('begin -> mail', mail), { payload: 5, journal });
    await atWork;
    const stopped = run.interrupt('the worker stops');
    finish('sent');
    await stopped;
    const result = await run.result;
    expect(result.diagnostics.map(({ code, message }) => [code, message])).toEqual([
      ['DUR107', 'The execution the-run was interrupted: the worker stops.'],
    ]);
    expect(await goOn(journal.cutAt(journal.records.length))).toMatchObject({
      status: 'completed',
      output: 'sent',
      calls: 0,
    });
  });
});

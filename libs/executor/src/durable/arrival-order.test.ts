import { compilePlan } from '../plan/compile-plan.js';
import type { NodeHandler } from '../node-handler.js';
import { startRun } from '../run/run.js';
import { bundleOf, gather, pass } from '../testing/flow-fixture.js';
import { MemoryJournal } from '../testing/memory-journal.js';

const clock = { now: () => 0, sleep: () => new Promise<void>(() => undefined) };

/** A clock on which a test lets time pass. */
class HandClock {
  time = 0;
  readonly #sleeps: { readonly at: number; readonly wake: () => void }[] = [];

  readonly now = () => this.time;

  readonly sleep = (ms: number, signal?: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      this.#sleeps.push({ at: this.time + ms, wake: resolve });
      signal?.addEventListener('abort', () => reject(signal.reason as Error));
    });

  pass(ms: number): void {
    this.time += ms;
    for (const { at, wake } of this.#sleeps.splice(0)) {
      if (at <= this.time) wake();
      else this.#sleeps.push({ at, wake });
    }
  }
}

const idle = async () => {
  for (let i = 0; i < 5; i += 1) await new Promise((resolve) => setImmediate(resolve));
};

/** left and right answer when they are told to, and are gathered in batches. */
function twoWays(size: number, sides: Record<'left' | 'right', NodeHandler>, waitMs = 0) {
  return compilePlan(
    bundleOf({
      nodes: {
        begin: pass,
        ...sides,
        batch: {
          run: pass,
          effects: 'effectful',
          concurrency: { max: 1, batch: size, batch_wait_ms: waitMs },
        },
      },
      edges: ['begin -> left', 'begin -> right', 'left -> batch', 'right -> batch'],
    }),
  );
}

describe('the order of arrivals', () => {
  it('is the same after a restart, whoever comes first then', async () => {
    const give: Record<string, () => void> = {};
    const late =
      (name: string): NodeHandler =>
      () =>
        new Promise((resolve) => (give[name] = () => resolve(name)));
    const journal = new MemoryJournal();
    const plan = twoWays(2, { left: late('left'), right: late('right') });
    const run = startRun(plan, { payload: 1, journal });
    give['right']!();
    await idle();
    give['left']!();
    expect((await run.result).output).toEqual(['right', 'left']);

    const arrivals = journal.records.flatMap(({ kind }, i) => (kind === 'arrived' ? [i + 1] : []));
    expect(arrivals).toHaveLength(2);
    const results: unknown[] = [];
    for (const cut of [0, ...arrivals]) {
      const again = twoWays(2, { left: () => 'left', right: () => 'right' });
      const rest = startRun(again, { payload: 1, journal: journal.cutAt(cut) });
      results.push((await rest.result).output);
    }
    // Nothing is known of an order of which nothing was recorded.
    expect(results).toEqual([
      ['left', 'right'],
      ['right', 'left'],
      ['right', 'left'],
    ]);
  });

  it('keeps apart what the time of a batch has parted', async () => {
    const hands = new HandClock();
    let give!: () => void;
    const late: NodeHandler = () => new Promise((resolve) => (give = () => resolve('right')));
    const journal = new MemoryJournal();
    const plan = twoWays(9, { left: () => 'left', right: late }, 50);
    const run = startRun(plan, { payload: 1, journal, mode: 'stream' }, { clock: hands });
    await idle();
    hands.pass(50);
    await idle();
    give();
    await idle();
    hands.pass(50);
    expect(await gather(run.outputs())).toEqual([['left'], ['right']]);

    const cut = journal.records.findIndex(({ kind }) => kind === 'attempt') + 1;
    const both = twoWays(9, { left: () => 'left', right: () => 'right' }, 50);
    const invoke = { payload: 1, journal: journal.cutAt(cut), mode: 'stream' } as const;
    const next = new HandClock();
    const rest = startRun(both, { ...invoke, outcomes: { batch: 'repeat' } }, { clock: next });
    const outputs = gather(rest.outputs());
    await idle();
    next.pass(50);
    expect(await outputs).toEqual([['left'], ['right']]);
  });

  it('keeps what a join gave when its time was over', async () => {
    const hands = new HandClock();
    const flow = (right: NodeHandler) =>
      compilePlan(
        bundleOf({
          nodes: {
            begin: pass,
            left: () => 1,
            right,
            sum: { run: pass, effects: 'effectful', determinism: 'nondeterministic' },
          },
          edges: ['begin -> left', 'begin -> right', 'left -> sum', 'right -> sum'],
          surfaces: [
            [
              'join',
              { sources: ['left', 'right'], target: 'sum', mode: 'available', timeout_ms: 50 },
            ],
          ],
        }),
      );
    const journal = new MemoryJournal();
    let give!: (value: number) => void;
    const run = startRun(
      flow(() => new Promise((resolve) => (give = resolve)) as never),
      { payload: 1, journal },
      { clock: hands },
    );
    await idle();
    hands.pass(50);
    await idle();
    give(2);
    expect((await run.result).output).toEqual({ left: 1 });
    const cut = journal.records.findIndex(({ kind }) => kind === 'attempt') + 1;
    const invoke = {
      payload: 1,
      journal: journal.cutAt(cut),
      outcomes: { sum: 'repeat' },
    } as const;
    const rest = await startRun(
      flow(() => 2),
      invoke,
      { clock },
    ).result;
    expect(rest.output).toEqual({ left: 1 });
  });

  it('goes on without what does not come again, and says so (DUR109)', async () => {
    const journal = new MemoryJournal();
    await startRun(twoWays(2, { left: () => 'left', right: () => 'right' }), {
      payload: 1,
      journal,
    }).result;
    const cut = journal.records.findIndex(({ kind }) => kind === 'attempt');
    const history = journal.records
      .slice(0, cut)
      .filter(
        (record) => record.kind === 'arrived' || ('alias' in record && record.alias !== 'left'),
      );
    const other = twoWays(2, { left: () => 'another', right: () => 'right' });
    const rest = await startRun(other, { payload: 1, journal: new MemoryJournal(history) }).result;
    expect([rest.status, rest.output]).toEqual(['completed', ['right', 'another']]);
    expect(rest.diagnostics.map(({ code, message }) => [code, message])).toEqual([
      [
        'DUR109',
        '1 of the messages that node batch had put together before the restart did not come again.',
      ],
    ]);
  });
});

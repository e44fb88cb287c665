import type { Value } from '@basalt/ir';
import { compilePlan } from '../plan/compile-plan.js';
import type { HostOptions } from '../run/host-options.js';
import { startRun } from '../run/run.js';
import { bundleOf, chain, pass } from '../testing/flow-fixture.js';
import { MemoryJournal } from '../testing/memory-journal.js';

const surface = (config: object) =>
  [
    'await',
    { checkpoint_id: 'approval', correlation_key: '/id', source: 'ask', target: 'told', ...config },
  ] as const;

/** ask -(await)-> told -> out; late -> out. */
function flow(config: object = {}) {
  return compilePlan(
    bundleOf({
      nodes: { ask: pass, told: pass, late: ({ input }) => ({ late: input }), out: pass },
      edges: ['ask -> told', 'told -> out', 'ask -> late', 'late -> out'],
      surfaces: [surface({ on_timeout: 'late', timeout_ms: 60_000, ...config })],
    }),
  );
}

const PARK: HostOptions = { onSuspended: 'park' };

function start(journal: MemoryJournal, plan = flow(), host = PARK, payload: Value = { id: 7 }) {
  return startRun(plan, { payload, capture: 'out', journal }, host);
}

/** A clock that stands still. */
const clockAt = (now: number) => ({
  now: () => now,
  sleep: (ms: number, signal?: AbortSignal) =>
    ms <= 0
      ? Promise.resolve()
      : new Promise<void>((_, reject) =>
          signal?.addEventListener('abort', () => reject(signal.reason)),
        ),
});

describe('an execution that only waits', () => {
  it('is parked, and goes on with its event', async () => {
    const journal = new MemoryJournal();
    const parked = await start(journal, flow(), { ...PARK, clock: clockAt(1000) }).result;
    expect(parked).toMatchObject({
      status: 'waiting',
      waiting: [
        { checkpointId: 'approval', correlationKey: 7, input: { id: 7 }, since: 1000, due: 61_000 },
      ],
    });
    expect(parked.diagnostics.map(({ code, message }) => [code, message])).toEqual([
      ['DUR106', 'The execution the-run waits for 1 events and is parked until one of them comes.'],
    ]);
    expect(journal.records.map(({ kind }) => kind)).toEqual(['waiting', 'result']);
    expect(journal.flushed).toBe(2);

    const again = journal.cutAt(2);
    const run = start(again, flow(), { clock: clockAt(5000) });
    expect(run.waiting()).toMatchObject([{ due: 61_000 }]);
    expect(run.resume('approval', 7, 'yes')).toBe(true);
    expect(await run.result).toMatchObject({
      status: 'completed',
      output: { event: 'yes', input: { id: 7 } },
    });
  });

  it.each(['wait', 'park'] as const)('gives up when its time was over: %s', async (onSuspended) => {
    const journal = new MemoryJournal();
    await start(journal, flow(), { ...PARK, clock: clockAt(1000) }).result;
    const later = journal.cutAt(journal.records.length);
    const host = { onSuspended, clock: clockAt(70_000) };
    expect((await start(later, flow(), host).result).output).toEqual({ late: { id: 7 } });
    const end = later.records.findIndex(({ kind }) => kind === 'resumed');
    expect(later.records[end]).toMatchObject({ timedOut: true, at: 70_000 });
    const again = later.cutAt(end + 1);
    expect((await start(again, flow(), host).result).output).toEqual({ late: { id: 7 } });
  });

  it('takes up the event that came before the crash, and does not ask again', async () => {
    const journal = new MemoryJournal();
    const run = start(journal, flow(), { onSuspended: 'wait' });
    run.resume('approval', 7, 'yes');
    expect(await run.result).toMatchObject({ status: 'completed' });
    const at = journal.records.findIndex(({ kind }) => kind === 'resumed');
    const rest = start(journal.cutAt(at + 1));
    expect(rest.waiting()).toEqual([]);
    expect(await rest.result).toMatchObject({
      status: 'completed',
      output: { event: 'yes', input: { id: 7 } },
    });
  });

  it('does nothing with an event that cannot be written', async () => {
    const journal = new MemoryJournal();
    const run = start(journal, flow(), { onSuspended: 'wait' });
    journal.onFlush = () => {
      throw new Error('no space left');
    };
    expect(run.resume('approval', 7, 'yes')).toBe(true);
    expect(await run.flushed()).toBe(false);
    const { status, output, diagnostics } = await run.result;
    expect([status, output, diagnostics[0]?.code]).toEqual(['interrupted', undefined, 'DUR101']);
  });

  it('takes events of the journal, also those that come before anything waits', async () => {
    const journal = new MemoryJournal();
    const slow = () => new Promise((resolve) => setImmediate(() => resolve({ id: 7 })));
    const plan = compilePlan(
      bundleOf({
        nodes: { begin: pass, ask: slow as never, told: pass },
        edges: chain('begin', 'ask', 'told'),
        surfaces: [surface({ event_schema: { type: 'string' } })],
      }),
    );
    const run = startRun(plan, { payload: null, capture: 'told', journal }, PARK);
    journal.deliver('e0', 'other', 7, 'for nobody');
    journal.deliver('e1', 'approval', 7, 'yes');
    expect(await run.result).toMatchObject({ output: { event: 'yes', input: { id: 7 } } });
    expect(journal.records.find(({ kind }) => kind === 'resumed')).toMatchObject({ eventId: 'e1' });
  });

  it('is not parked while anything else is to be done', async () => {
    const journal = new MemoryJournal();
    let finish!: () => void;
    const work = () => new Promise((resolve) => (finish = () => resolve('done')));
    const plan = compilePlan(
      bundleOf({
        nodes: { begin: pass, ask: pass, told: pass, work: work as never },
        edges: ['begin -> ask', 'ask -> told', 'begin -> work'],
        surfaces: [surface({})],
      }),
    );
    const run = startRun(plan, { payload: { id: 7 }, capture: 'told', journal }, PARK);
    let ended = false;
    void run.result.then(() => (ended = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect([ended, run.waiting().length]).toEqual([false, 1]);
    finish();
    expect((await run.result).status).toBe('waiting');
    expect(journal.records.filter(({ kind }) => kind === 'result')).toHaveLength(3);
  });

  it('is parked with its subflows, and those go on, too', async () => {
    const inner = flow().ir;
    const bundle = bundleOf({
      nodes: { begin: pass, sub: { run: pass, kind: 'subflow', subflow: 'inner' }, end: pass },
      edges: chain('begin', 'sub', 'end'),
      handlers: { ask: pass, told: pass, late: pass, out: pass },
    });
    const subflow = { ...inner, nodes: inner.nodes.map((node) => ({ ...node })) };
    const plan = compilePlan({ ...bundle, ir: { ...bundle.ir, subflows: { inner: subflow } } });
    const journal = new MemoryJournal();
    const payload = { id: 7 };
    const parked = await startRun(plan, { payload, journal }, PARK).result;
    expect([parked.status, parked.waiting?.length]).toEqual(['waiting', 1]);
    const run = startRun(plan, { payload, journal: journal.cutAt(journal.records.length) }, PARK);
    await new Promise((resolve) => setImmediate(resolve));
    expect((await run.result).status).toBe('waiting');
    const again = journal.cutAt(journal.records.length);
    const last = startRun(plan, { payload, journal: again });
    expect(last.resume('approval', 7, 'yes')).toBe(true);
    expect(await last.result).toMatchObject({
      status: 'completed',
      output: { event: 'yes', input: { id: 7 } },
    });
  });

  it('waits in its process without a journal', async () => {
    const run = startRun(flow(), { payload: { id: 7 }, capture: 'out' }, PARK);
    await new Promise((resolve) => setImmediate(resolve));
    expect(run.waiting()).toHaveLength(1);
    await run.interrupt('the test ends');
    expect((await run.result).status).toBe('cancelled');
  });
});

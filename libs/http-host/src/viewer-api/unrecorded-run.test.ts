// Runs that a full store does not record from their start, and what is left of them where that is needed.
import { diagnostic } from '@basalt/diagnostics';
import { startRun, type ObservedRun, type RunObserver, type RunOutcome } from '@basalt/executor';
import type { Value } from '@basalt/ir';
import { compileHostedFlows } from '../hosted-flow.js';
import { hostedFlow } from '../testing/hosted-flows.js';
import { invocation, observedRun } from '../testing/watched-run.js';
import { FlowCatalogue } from './flow-catalogue.js';
import { RunStore, type RunStoreOptions } from './run-store.js';
import { RunPresenter } from './show-run.js';

const BURST = 1000;
const everything = () => true;

/** A store for 2,000 runs that is full, and has kept of the flow "flow" what it may. Its clock stands
 * still unless it is moved. */
function busyStore(options: RunStoreOptions = {}) {
  const clock = { ms: 1_000 };
  const times = { now: () => clock.ms, tick: () => clock.ms };
  const store = new RunStore({ maxRuns: 2000, ...times, ...options });
  for (let i = 0; i < 2001 + BURST; i += 1) complete(begin(store, `old-${i}`));
  return { store, clock };
}

interface Begun {
  readonly observed: ObservedRun;
  readonly observer: RunObserver;
}

const announced = (id: string) => ({
  id,
  startedAt: 1_000,
  trigger: 'trigger',
  labels: { 'http.path': '/x' },
  source: 'http',
  hasGivenId: false,
});

/** Starts a run of which the executor knows that its trigger has ended, and took 2 ms. */
function begin(
  store: RunStore,
  id: string,
  isOrdinary = true,
  more: Partial<ObservedRun> = {},
): Begun {
  const eachEnded: ObservedRun['eachEnded'] = (visit) => visit('trigger', 1, 2);
  const times = { startedAt: 1_000, lastTick: 1_000 };
  const observed = { ...observedRun(id), ...times, eachEnded, ...more };
  const observer = store.observerOf(announced(id), observed.flow, isOrdinary);
  observer.runStarted?.(observed, { id });
  const trigger = invocation(1, 'trigger', { id });
  observer.nodeStarted?.(observed, trigger);
  observer.nodeEnded?.(observed, trigger, 'ok', { id });
  return { observed, observer };
}

function end({ observed, observer }: Begun, status: RunOutcome): void {
  const cause =
    status === 'failed' ? diagnostic.RUN101({ node: 'work', attempt: 1, reason: 'no' }) : undefined;
  observer.runEnded?.(observed, status, status === 'completed' ? 'out' : undefined, cause);
}

const complete = (run: Begun) => end(run, 'completed');

describe('a store that has kept what it may', () => {
  it('counts the runs that are alike, and makes no record of them', () => {
    const { store } = busyStore();
    const before = store.notKept(everything);
    const last = begin(store, 'x');
    expect(last.observer).not.toBe(store);
    complete(last);
    expect(store.get('x')).toBeUndefined();
    expect(store.notKept(everything) - before).toBe(1);
    expect([store.size, store.counts('flow')!.completed]).toEqual([2000, 2000]);
    expect(store.bytes).toBe([...store.newestFirst()].reduce((sum, run) => sum + run.bytes, 0));
  });

  it('records as many a second as it may, from their start', () => {
    const { store, clock } = busyStore();
    clock.ms += 100;
    const runs = Array.from({ length: 50 }, (_, i) => {
      const observer = store.observerOf(
        { ...announced(`r${i}`), startedAt: clock.ms },
        'flow',
        true,
      );
      const observed = observedRun(`r${i}`);
      observer.runStarted?.(observed, null);
      complete({ observed, observer });
      return observer === store;
    });
    // A hundred a second.
    expect(runs).toEqual([...Array<boolean>(10).fill(true), ...Array<boolean>(40).fill(false)]);
    expect(store.get('r9')!.status).toBe('completed');
  });

  it('records one that is not ordinary, one of another flow, and all where it is told to', () => {
    const { store } = busyStore();
    expect(begin(store, 'streams', false).observer).toBe(store);
    expect(begin(store, 'rare', true, { flow: 'other' }).observer).toBe(store);
    const { store: all } = busyStore({ minHistoryMs: 0 });
    expect(begin(all, 'one').observer).toBe(all);
  });

  it('keeps a failure: its cause, its input, the attempt that failed, and what was before', () => {
    const { store, clock } = busyStore();
    const run = begin(store, 'bad');
    const { observed, observer } = run;
    clock.ms += 7;
    observer.failed!(observed, 'work', 'handler_failed');
    const attempt = { ...invocation(2, 'work', { half: 1 }), ms: 5 };
    observer.nodeEnded!(observed, attempt, 'failed', undefined);
    end(run, 'failed');
    const bad = store.get('bad')!;
    expect([bad.status, bad.cause?.code, bad.durationMs, bad.startedAt]).toEqual([
      'failed',
      'RUN101',
      7,
      1_000,
    ]);
    expect([bad.payload, bad.trigger, bad.labels]).toEqual([
      { id: 'bad' },
      'trigger',
      { 'http.path': '/x' },
    ]);
    const [trigger, work] = bad.nodes.values();
    expect(trigger).toMatchObject({ state: 'ok', started: 1, ok: 1, sumMs: 2, maxMs: 2 });
    expect([trigger!.invocations.items(), trigger!.invocations.omitted]).toEqual([[], 1]);
    expect(work).toMatchObject({
      state: 'failed',
      started: 1,
      failed: 1,
      lastFailure: 'handler_failed',
    });
    expect(work!.invocations.items()).toMatchObject([
      { seq: 2, startMs: 2, endMs: 7, outcome: 'failed', input: { half: 1 } },
    ]);
    expect(bad.timeline.items().map(({ kind, node }) => [kind, node])).toEqual([
      ['started', undefined],
      ['recorded', undefined],
      ['failed', 'work'],
      ['failed', undefined],
    ]);
    expect(bad.bytes).toBeGreaterThan(0);
  });

  it.each<[string, (begun: Begun) => void]>([
    ['was cancelled', (run) => end(run, 'cancelled')],
    [
      'retried',
      (run) => (run.observer.retried!(run.observed, invocation(2, 'work'), 5), complete(run)),
    ],
    [
      'dropped a message',
      (run) => (run.observer.dropped!(run.observed, 'a', 'full', 1), complete(run)),
    ],
    [
      'waited',
      (run) => {
        run.observer.waiting!(run.observed, 'gate', 'k', null);
        run.observer.resumed!(run.observed, 'gate', 'k', null);
        complete(run);
      },
    ],
    [
      'waited in vain',
      (run) => (run.observer.waitTimedOut!(run.observed, 'g', 'k', 1), end(run, 'failed')),
    ],
    [
      'took a cached result',
      (run) => (run.observer.cacheHit!(run.observed, 'a', 1), complete(run)),
    ],
    [
      'spilled',
      (run) => (run.observer.spilled!(run.observed, { label: 'a->b' } as never), complete(run)),
    ],
  ])('keeps one that %s', (_name, what) => {
    const { store } = busyStore();
    what(begin(store, 'odd'));
    expect(store.get('odd')).toMatchObject({ isEnded: true, payload: { id: 'odd' } });
  });

  it('keeps one that is slow, with its output and the node that gave it', () => {
    const { store, clock } = busyStore();
    const run = begin(store, 'slow', true, { lastTick: 1_060 });
    run.observer.captured!(run.observed, 'work', 'out');
    clock.ms += 60;
    complete(run);
    expect(store.get('slow')).toMatchObject({
      status: 'completed',
      durationMs: 60,
      output: 'out',
      capturedAt: 'work',
      captures: 1,
    });
  });

  it('keeps one that was refused before it began', () => {
    const { store } = busyStore();
    const observed = observedRun('refused');
    const observer = store.observerOf(announced('refused'), 'flow', true);
    end({ observed, observer }, 'failed');
    expect(store.get('refused')).toMatchObject({ status: 'failed', input: undefined });
  });

  it('shows one that goes on when somebody asks, and follows it from there', () => {
    const { store, clock } = busyStore();
    const run = begin(store, 'long');
    const { observed, observer } = run;
    const shown = store.get('long')!;
    expect([shown.status, shown.payload]).toEqual(['running', { id: 'long' }]);
    let changes = 0;
    shown.watch(() => (changes += 1));
    clock.ms += 20;
    observer.nodeEnded!(observed, { ...invocation(2, 'work', 'in'), ms: 15 }, 'ok', 'out');
    observer.captured!(observed, 'work', 'out');
    complete(run);
    expect(changes).toBeGreaterThan(0);
    expect(store.get('long')).toMatchObject({ status: 'completed', durationMs: 20, captures: 1 });
    expect(shown.nodes.get('work')!.invocations.items()).toMatchObject([
      { startMs: 5, endMs: 20, input: 'in', output: 'out', outcome: 'ok' },
    ]);
  });

  it('records its flow from the start again where runs go on while others begin', () => {
    const { store } = busyStore();
    const first = begin(store, 'first');
    const second = begin(store, 'second');
    expect([store.get('first')!.status, store.get('second')!.status]).toEqual([
      'running',
      'running',
    ]);
    complete(first);
    const third = begin(store, 'third');
    expect(third.observer).toBe(store);
    complete(second);
    complete(third);
    // They were like all others, and are not kept.
    expect([...store.newestFirst()].filter(({ id }) => /^(first|second|third)$/.test(id))).toEqual(
      [],
    );
    expect(store.counts('flow')).toMatchObject({ running: 0 });
  });

  it('bears events of a run that it had to forget', () => {
    const { store } = busyStore({ maxBytes: 1 });
    const { observed, observer } = begin(store, 'gone');
    observer.failed!(observed, 'work', 'x'.repeat(10));
    end(begin(store, 'newer', false), 'failed');
    observer.nodeEnded!(observed, invocation(2, 'work'), 'failed', undefined);
    end({ observed, observer }, 'failed');
    expect(store.get('gone')).toBeUndefined();
  });
});

test('a real run that fails is shown with what the executor knows of its beginning', async () => {
  const store = new RunStore({ maxRuns: 10, now: () => 1_000, tick: () => 1_000 });
  const run = (input: unknown) => {
    if (input === 'bad') throw new Error('no');
    return input as never;
  };
  const [flow] = compileHostedFlows([hostedFlow({ name: 'picky', run })]);
  const start = (id: string, payload: Value) => {
    const observer = store.observerOf(announced(id), flow!.id, true);
    return startRun(flow!.plan, { payload, runId: id }, { observer });
  };
  for (let i = 0; i < 10 + BURST + 50; i += 1) start(`r${i}`, 'good');
  expect(store.notKept(everything)).toBeGreaterThan(0);
  await start('x', 'bad').result;
  const presenter = new RunPresenter(new FlowCatalogue([flow!]), undefined);
  const found = store.get('x')!;
  const { run: entry, nodes, events } = presenter.change(found, 0);
  expect(entry).toMatchObject({ status: 'failed', cause: { code: 'RUN101' }, trigger: 'trigger' });
  expect(presenter.input(found)).toEqual({ json: 'bad', cut: false });
  expect(nodes).toMatchObject([
    { alias: 'trigger', state: 'ok', started: 1, ok: 1, max_ms: expect.any(Number) },
    { alias: 'respond', state: 'failed', started: 1, failed: 1, last_failure: 'handler_error' },
  ]);
  expect(events.map(({ kind }) => kind)).toEqual(['started', 'recorded', 'failed', 'failed']);
  const [trigger, respond] = found.nodes.values();
  expect(presenter.inspect(found, trigger!)).toMatchObject({ invocations: [], omitted: 1 });
  expect(presenter.inspect(found, respond!)).toMatchObject({
    invocations: [{ outcome: 'failed', input: { json: 'bad' } }],
    omitted: 0,
  });
});

test('of several attempts that were not seen the longest is not known', () => {
  const { store } = busyStore();
  end(begin(store, 'bad', true, { eachEnded: (visit) => visit('trigger', 3, 9) }), 'failed');
  const presenter = new RunPresenter(new FlowCatalogue([]), undefined);
  expect(presenter.change(store.get('bad')!, 0).nodes).toMatchObject([
    { alias: 'trigger', started: 3, ok: 3, mean_ms: 3, max_ms: null },
  ]);
});

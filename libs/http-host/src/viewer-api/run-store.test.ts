import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { EdgePlan } from '@basalt/executor';
import { invocation, observedRun } from '../testing/watched-run.js';
import { RunStore, type RunStoreOptions } from './run-store.js';

/** A store whose clock goes on by one millisecond at each reading. */
function store(options: RunStoreOptions = {}): RunStore {
  let tick = 0;
  return new RunStore({ now: () => 1000, tick: () => (tick += 1), ...options });
}

const edge = (label: string) => ({ label }) as EdgePlan;

function complete(runs: RunStore, id: string, payload: unknown = null): void {
  const run = observedRun(id);
  runs.runStarted(run, payload as never);
  runs.runEnded(run, 'completed', 1, undefined);
}

const ids = (runs: RunStore) => [...runs.newestFirst()].map(({ id }) => id);

describe('RunStore', () => {
  it('remembers what happens in a run', () => {
    const runs = store();
    const run = observedRun('r1');
    runs.announce('r1', { trigger: 'trigger', labels: { 'lf.event_id': 'e' } });
    runs.runStarted(run, { n: 1 });
    runs.edgeDepth(run, edge('a->b'), 1);
    runs.edgeDepth(run, edge('a->b'), 3);
    runs.edgeDepth(run, edge('a->b'), 1);
    runs.nodeStarted(run, invocation(1, 'b', 'x'));
    runs.failed(run, 'b', 'handler_error');
    runs.retried(run, invocation(1, 'b', 'x'), 20);
    runs.nodeEnded(run, invocation(1, 'b', 'x'), 'failed', undefined);
    runs.nodeStarted(run, invocation(2, 'b', 'x', 2));
    runs.emitted(run, invocation(2, 'b', 'x', 2), 'early');
    runs.nodeEnded(run, invocation(2, 'b', 'x', 2), 'ok', 'y');
    runs.captured(run, 'b');
    runs.runEnded(run, 'completed', 'y', undefined);
    const found = runs.get('r1')!;
    expect(found).toMatchObject({
      id: 'r1',
      status: 'completed',
      startedAt: 1000,
      trigger: 'trigger',
      labels: { 'lf.event_id': 'e' },
      payload: { n: 1 },
      capturedAt: 'b',
      captures: 1,
    });
    expect(found.nodes.get('b')).toMatchObject({
      state: 'ok',
      active: 0,
      started: 2,
      ok: 1,
      failed: 1,
      retries: 1,
      emitted: 1,
      lastFailure: 'handler_error',
    });
    expect(found.edges.get('a->b')).toMatchObject({ depth: 0, maxDepth: 3, passed: 3 });
    expect(
      found.nodes
        .get('b')!
        .invocations.items()
        .map(({ attempt, outcome, output }) => [attempt, outcome, output]),
    ).toEqual([
      [1, 'failed', undefined],
      [2, 'ok', 'y'],
    ]);
    expect(found.timeline.items().map(({ kind, node, text }) => [kind, node, text])).toEqual([
      ['started', undefined, undefined],
      ['retried', 'b', 'attempt 1 failed; the next one in 20 ms'],
      ['failed', 'b', 'handler_error'],
      ['captured', 'b', undefined],
      ['completed', undefined, undefined],
    ]);
    expect(runs.counts('flow')).toEqual({ running: 0, completed: 1, failed: 0, cancelled: 0 });
  });

  it('ends what was under way when a run is cancelled', () => {
    const runs = store();
    const run = observedRun('r');
    runs.runStarted(run, null);
    runs.nodeStarted(run, invocation(1, 'slow'));
    runs.waiting(run, 'gate');
    runs.runEnded(run, 'cancelled', undefined, undefined);
    // A handler that ends after its run changes nothing.
    runs.nodeEnded(run, invocation(1, 'slow'), 'ok', 1);
    const found = runs.get('r')!;
    expect(found.nodes.get('slow')).toMatchObject({ state: 'cancelled', active: 0, cancelled: 1 });
    expect(found.waiting).toBe(0);
  });

  it('knows that a run waits no more, when its wait has timed out', () => {
    const runs = store();
    const run = observedRun('r');
    runs.runStarted(run, null);
    runs.waiting(run, 'gate');
    expect(runs.get('r')!.waiting).toBe(1);
    runs.waitTimedOut(run, 'gate');
    const { waiting, timeline } = runs.get('r')!;
    expect(waiting).toBe(0);
    expect(timeline.items().map(({ kind, text }) => [kind, text])).toEqual([
      ['started', undefined],
      ['waiting', 'gate'],
      ['wait timed out', 'gate'],
    ]);
  });

  it('knows runs that were refused before they began, and runs of subflows', () => {
    const runs = store();
    runs.runEnded(observedRun('refused'), 'failed', undefined, undefined);
    expect(runs.get('refused')).toMatchObject({ status: 'failed', input: undefined });
    runs.runStarted(observedRun('parent'), null);
    runs.runStarted(observedRun('child', 'inner', 'parent'), null);
    expect(runs.get('parent')!.children).toEqual(['child']);
  });

  it('forgets the oldest that has ended, before any that runs', () => {
    const runs = store({ maxRuns: 3 });
    runs.runStarted(observedRun('running'), null);
    for (const id of ['a', 'b', 'c']) complete(runs, id);
    expect(ids(runs)).toEqual(['c', 'b', 'running']);
    expect(runs.counts('flow')).toEqual({ running: 1, completed: 2, failed: 0, cancelled: 0 });
  });

  it('forgets the oldest where all run, and does not remember its end', () => {
    const runs = store({ maxRuns: 2 });
    for (const id of ['a', 'b', 'c']) runs.runStarted(observedRun(id), null);
    expect(ids(runs)).toEqual(['c', 'b']);
    runs.nodeStarted(observedRun('a'), invocation(1, 'n'));
    runs.runEnded(observedRun('a'), 'completed', 1, undefined);
    expect(ids(runs)).toEqual(['c', 'b']);
  });

  it('takes a second run with one id for the one of that name', () => {
    const runs = store({ maxRuns: 2 });
    complete(runs, 'same');
    complete(runs, 'same');
    complete(runs, 'other');
    expect([ids(runs), runs.size]).toEqual([['other', 'same'], 2]);
    complete(runs, 'third');
    expect([ids(runs), runs.size]).toEqual([['third', 'other'], 2]);
  });

  it('tells watchers of changes, and of being forgotten', () => {
    const runs = store({ maxRuns: 1 });
    runs.runStarted(observedRun('a'), null);
    const seen: boolean[] = [];
    const run = runs.get('a')!;
    const stop = run.watch(() => seen.push(run.evicted));
    runs.nodeStarted(observedRun('a'), invocation(1, 'n'));
    runs.runStarted(observedRun('b'), null);
    stop();
    expect(seen).toEqual([false, true]);
  });

  it('keeps no payload that is too large to run again', () => {
    const runs = store({ maxPayloadBytes: 100 });
    complete(runs, 'small', 'x'.repeat(50));
    complete(runs, 'large', 'x'.repeat(500));
    expect(runs.get('small')!.payload).toHaveLength(50);
    expect(runs.get('large')!.payload).toBeUndefined();
  });

  it('bounds its bytes, whatever happens in runs', () => {
    const runs = store({ maxBytes: 200_000 });
    for (let i = 0; i < 300; i += 1) {
      const run = observedRun(`r${i}`);
      runs.runStarted(run, 'x'.repeat(10_000));
      for (let n = 0; n < 100; n += 1) {
        const one = invocation(n, `node-${n % 7}`, `${'y'.repeat(10_000)}${n}`);
        runs.nodeStarted(run, one);
        runs.emitted(run, one, 'z'.repeat(1000));
        runs.nodeEnded(run, one, 'failed', undefined);
      }
      runs.runEnded(run, 'failed', undefined, undefined);
      expect(runs.bytes).toBeLessThan(500_000);
    }
    expect(runs.size).toBeGreaterThan(0);
    expect(runs.size).toBeLessThan(10);
    // The accounts are true: what all runs say they take is what the store says.
    const sum = [...runs.newestFirst()].reduce((bytes, run) => bytes + run.bytes, 0);
    expect(sum).toBe(runs.bytes);
  });

  it('takes about the memory that it says', () => {
    const runs = store({ maxRuns: 10_000 });
    const before = usedHeap();
    for (let i = 0; i < 12_000; i += 1) {
      const run = observedRun(`run-${i}`);
      runs.runStarted(run, { text: `payload ${i}`, list: [i, i + 1] });
      for (const [at, alias] of ['trigger', 'work', 'respond'].entries()) {
        const one = invocation(at + 1, alias, { text: `input ${i}` });
        runs.nodeStarted(run, one);
        runs.nodeEnded(run, one, 'ok', { text: `output ${i}` });
      }
      runs.runEnded(run, 'completed', i, undefined);
    }
    const grown = usedHeap() - before;
    expect(runs.size).toBe(10_000);
    expect(grown).toBeLessThan(2 * runs.bytes);
    expect(runs.bytes).toBeLessThan(64 * 1024 * 1024);
  });
});

function usedHeap(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}

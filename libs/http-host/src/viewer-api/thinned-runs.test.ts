// Which runs a full store keeps where they come faster than anybody could read them.
import { diagnostic } from '@basalt/diagnostics';
import type { RunOutcome } from '@basalt/executor';
import { invocation, observedRun } from '../testing/watched-run.js';
import { RunStore, type RunStoreOptions } from './run-store.js';

const BURST = 1000;
const EVERYTHING = () => true;

/** A store for 2,000 runs, whose clock stands still unless it is moved, and which is full. */
function fullStore(options: RunStoreOptions = {}) {
  const clock = { ms: 0 };
  const store = new RunStore({
    maxRuns: 2000,
    now: () => clock.ms,
    tick: () => clock.ms,
    ...options,
  });
  for (let i = 0; i <= 2000; i += 1) run(store, `old-${i}`);
  return { store, clock };
}

function run(store: RunStore, id: string, flow = 'flow', status: RunOutcome = 'completed'): void {
  const observed = observedRun(id, flow);
  store.runStarted(observed, { id });
  store.nodeStarted(observed, invocation(1, 'node', { id }));
  store.nodeEnded(observed, invocation(1, 'node', { id }), 'ok', { id });
  const cause =
    status === 'failed' ? diagnostic.RUN101({ node: 'node', attempt: 1, reason: 'no' }) : undefined;
  store.runEnded(observed, status, { id }, cause);
}

const kept = (store: RunStore, prefix: string) =>
  [...store.newestFirst()].filter(({ id }) => id.startsWith(prefix)).map(({ id }) => id);

/** Uses up what a flow may keep at once. */
function fill(store: RunStore, flow = 'flow'): void {
  for (let i = 0; i < BURST; i += 1) run(store, `fill-${i}`, flow);
}

describe('a store that is full', () => {
  it('keeps a bounded number of runs that are alike, and counts the others', () => {
    const { store, clock } = fullStore();
    fill(store);
    const before = store.notKept(EVERYTHING);
    for (let i = 0; i < 500; i += 1) run(store, `alike-${i}`);
    expect(kept(store, 'alike')).toEqual([]);
    expect(store.notKept(EVERYTHING) - before).toBe(500);
    expect(store.get('alike-1')).toBeUndefined();
    // A tenth of a second later it may keep ten more, of 100 a second.
    clock.ms += 100;
    for (let i = 0; i < 50; i += 1) run(store, `later-${i}`);
    expect(kept(store, 'later')).toHaveLength(10);
    expect(store.size).toBe(2000);
    const counts = { running: 0, completed: 2000, failed: 0, cancelled: 0 };
    expect(store.counts('flow')).toEqual(counts);
    const bytes = [...store.newestFirst()].reduce((sum, one) => sum + one.bytes, 0);
    expect(store.bytes).toBe(bytes);
  });

  it('keeps those that failed, were cancelled, slow or not like the others', () => {
    const { store, clock } = fullStore();
    fill(store);
    run(store, 'odd-failed', 'flow', 'failed');
    run(store, 'odd-cancelled', 'flow', 'cancelled');
    const during = (id: string, what: (observed: ReturnType<typeof observedRun>) => void) => {
      const observed = observedRun(id);
      store.runStarted(observed, null);
      what(observed);
      store.runEnded(observed, 'completed', null, undefined);
    };
    during('odd-slow', () => (clock.ms += 5));
    during('odd-retried', (observed) => store.retried(observed, invocation(1, 'node'), 5));
    during('odd-dropped', (observed) => store.dropped(observed, 'node', 'full'));
    during('odd-waited', (observed) => {
      store.waiting(observed, 'gate');
      store.resumed(observed, 'gate');
    });
    during('odd-looked-at', () => store.get('odd-looked-at')!.watch(() => undefined));
    store.announce('odd-viewer', { source: 'viewer' });
    run(store, 'odd-viewer');
    during('plain', () => undefined);
    expect(kept(store, 'odd')).toEqual([
      'odd-viewer',
      'odd-looked-at',
      'odd-waited',
      'odd-dropped',
      'odd-retried',
      'odd-slow',
      'odd-cancelled',
      'odd-failed',
    ]);
    expect(kept(store, 'plain')).toEqual([]);
  });

  it('keeps runs of a flow with few, beside one with many', () => {
    const { store } = fullStore();
    fill(store);
    run(store, 'rare', 'other');
    run(store, 'common');
    expect([...kept(store, 'rare'), ...kept(store, 'common')]).toEqual(['rare']);
    expect(store.notKept((flow) => flow === 'other')).toBe(0);
  });

  it('keeps a run that takes the place of another one of its id', () => {
    const { store } = fullStore();
    fill(store);
    run(store, 'again', 'flow', 'cancelled');
    run(store, 'again');
    expect(store.get('again')!.status).toBe('completed');
  });

  it('keeps children with their parents, and runs under way until their end', () => {
    const { store } = fullStore();
    fill(store);
    const [parent, child, long] = [
      observedRun('parent'),
      observedRun('child', 'flow', 'parent'),
      observedRun('long'),
    ];
    store.runStarted(long, null);
    store.runStarted(parent, null);
    expect(store.get('long')!.status).toBe('running');
    store.runStarted(child, null);
    store.runEnded(child, 'completed', null, undefined);
    store.runEnded(parent, 'completed', null, undefined);
    expect(kept(store, 'parent')).toEqual(['parent']);
    expect(store.get('child')!.status).toBe('completed');
    store.runEnded(long, 'completed', null, undefined);
    expect(store.get('long')).toBeUndefined();
    expect(store.counts('flow')!.running).toBe(0);
  });

  it('keeps all where it is told to', () => {
    const { store } = fullStore({ minHistoryMs: 0 });
    fill(store);
    run(store, 'last');
    expect(kept(store, 'last')).toEqual(['last']);
    expect(store.notKept(EVERYTHING)).toBe(0);
  });
});

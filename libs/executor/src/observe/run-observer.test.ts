import { compilePlan } from '../plan/compile-plan.js';
import {
  combineObservers,
  routedObserver,
  type ObservedRun,
  type RunObserver,
} from './run-observer.js';
import { startRun } from '../run/run.js';
import { bundleOf, pass } from '../testing/flow-fixture.js';

const plan = compilePlan(
  bundleOf({
    nodes: {
      in: pass,
      work: {
        run: (n: number, { attempt, emit }) => {
          if (attempt === 1) throw new Error('once');
          void emit(n + 1);
        },
        retry: {
          max_attempts: 2,
          backoff_ms: 10,
          multiplier: 1,
          max_backoff_ms: 10,
          jitter: 'none',
          owner: 'orchestrator',
        },
        checkpoint: 'after_work',
      },
      out: pass,
    },
    edges: ['in -> work', 'work -> out'],
    more: { checkpoints: [{ id: 'after_work' }] },
  }),
);

describe('an observer', () => {
  it('sees everything in order', async () => {
    const events: unknown[] = [];
    const observer: RunObserver = {
      runStarted: (run, payload) => events.push(['start', run.id, run.flow, payload]),
      runEnded: (_, status, output) => events.push(['end', status, output]),
      nodeStarted: (_, { alias, attempt }) => events.push(['+', alias, attempt]),
      nodeEnded: (_, { alias }, outcome, output) => events.push(['-', alias, outcome, output]),
      emitted: (_, { alias }, value) => events.push(['emit', alias, value]),
      edgeDepth: (_, { label }, depth) => events.push([label, depth]),
      captured: (_, alias, value) => events.push(['capture', alias, value]),
      retried: (_, { alias }, ms) => events.push(['retry', alias, ms]),
      checkpoint: (_, id, alias) => events.push(['checkpoint', id, alias]),
    } as RunObserver;
    await startRun(plan, { payload: 1, runId: 'r' }, { observer, deterministic: { seed: 1 } })
      .result;
    expect(events).toEqual([
      ['start', 'r', 'test', 1],
      ['+', 'in', 1],
      ['in->work', 1],
      ['-', 'in', 'ok', 1],
      ['in->work', 0],
      ['+', 'work', 1],
      ['retry', 'work', 10],
      ['-', 'work', 'failed', undefined],
      ['+', 'work', 2],
      ['emit', 'work', 2],
      ['work->out', 1],
      ['checkpoint', 'after_work', 'work'],
      ['-', 'work', 'ok', undefined],
      ['work->out', 0],
      ['+', 'out', 1],
      ['capture', 'out', 2],
      ['-', 'out', 'ok', 2],
      ['end', 'completed', 2],
    ]);
  });

  it('that throws is reported once and ignored', async () => {
    const observer: RunObserver = {
      nodeStarted: () => {
        throw new Error('exporter is gone');
      },
    };
    const result = await startRun(plan, { payload: 1 }, { observer }).result;
    expect(result.output).toBe(2);
    expect(result.diagnostics.map(({ message }) => message)).toEqual([
      'An observer threw in nodeStarted: Error: exporter is gone',
    ]);
  });

  it('may be one of several', async () => {
    const seen: string[] = [];
    const observer = combineObservers([
      { runEnded: () => void seen.push('first') },
      {},
      { runEnded: () => void seen.push('second'), runStarted: () => void seen.push('started') },
    ]);
    await startRun(plan, { payload: 1 }, { observer }).result;
    expect(seen).toEqual(['started', 'first', 'second']);
  });
});

describe('routedObserver', () => {
  it('can ask what has ended so far, and since when the execution runs', async () => {
    const ended: unknown[] = [];
    const ask = (run: ObservedRun) => {
      const nodes: unknown[] = [];
      run.eachEnded((alias, invocations, ms) => nodes.push([alias, invocations, ms]));
      ended.push([run.lastTick - run.startedAt, ...nodes]);
    };
    const observer: RunObserver = { retried: ask, runEnded: ask };
    await startRun(plan, { payload: 1 }, { observer, deterministic: { seed: 1 } }).result;
    // The wait for the second attempt is no time of the node.
    expect(ended).toEqual([
      [0, ['in', 1, 0]],
      [10, ['in', 1, 0], ['work', 1, 0], ['out', 1, 0]],
    ]);
  });

  it('gives each execution its own observer, and the others none', async () => {
    const seen: string[] = [];
    const observerFor = (name: string): RunObserver => ({
      runStarted: (run) => seen.push(`${name} starts ${run.id}`),
      checkpoint: (_, id, alias) => seen.push(`${name} ${id} ${alias}`),
      runEnded: (run, status) => seen.push(`${name} ends ${run.id} ${status}`),
    });
    const observers = new Map([
      ['a', observerFor('first')],
      ['b', observerFor('second')],
    ]);
    const observer = routedObserver((run) => observers.get(run.id));
    for (const runId of ['a', 'b', 'c']) {
      await startRun(plan, { payload: 1, runId }, { observer }).result;
    }
    expect(seen).toEqual([
      'first starts a',
      'first after_work work',
      'first ends a completed',
      'second starts b',
      'second after_work work',
      'second ends b completed',
    ]);
  });
});

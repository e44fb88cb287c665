import { diagnostic } from '@basalt/diagnostics';
import { compilePlan } from '../plan/compile-plan.js';
import type { EdgePlan } from '../plan/exec-plan.js';
import { METRICS, MetricsObserver } from './metrics-observer.js';
import type { MetricLabels, MetricsSink } from './metrics-sink.js';
import type { ObservedInvocation, ObservedRun } from './run-observer.js';
import { startRun } from '../run/run.js';
import { bundleOf } from '../testing/flow-fixture.js';

/** Keeps sums, last values and observations by "name{labels}". */
class Recorder implements MetricsSink {
  readonly counters: Record<string, number> = {};
  readonly gauges: Record<string, number> = {};
  readonly histograms: Record<string, number[]> = {};

  counter(name: string, add: number, labels: MetricLabels): void {
    const key = name + JSON.stringify(labels);
    this.counters[key] = (this.counters[key] ?? 0) + add;
  }

  gauge(name: string, value: number, labels: MetricLabels): void {
    this.gauges[name + JSON.stringify(labels)] = value;
  }

  histogram(name: string, value: number, labels: MetricLabels): void {
    (this.histograms[name + JSON.stringify(labels)] ??= []).push(value);
  }
}

class FakeRun implements ObservedRun {
  readonly flow = 'orders';
  readonly parentId = undefined;
  ms = 0;
  constructor(readonly id: string) {}
  now(): number {
    return this.ms;
  }
}

const call = (seq: number, alias: string): ObservedInvocation => ({
  seq,
  alias,
  attempt: 1,
  input: null,
});
const edge = (label: string) => ({ label }) as EdgePlan;

function observed(options?: { maxLabelValues: number }) {
  const recorder = new Recorder();
  return { recorder, observer: new MetricsObserver(recorder, options) };
}

describe('MetricsObserver', () => {
  it('measures nodes: how many are active, how long they take, how they fail', () => {
    const { recorder, observer } = observed();
    const run = new FakeRun('r1');
    const active: number[] = [];
    const look = () => active.push(recorder.gauges['basalt.executor.active_nodes{}']!);
    observer.nodeStarted(run, call(1, 'a'));
    look();
    observer.nodeStarted(run, call(2, 'b'));
    look();
    run.ms = 5;
    observer.nodeEnded(run, call(2, 'b'));
    look();
    run.ms = 7;
    observer.nodeEnded(run, call(1, 'a'));
    look();
    observer.nodeStarted(run, call(3, 'b'));
    observer.nodeEnded(run, call(3, 'b'));
    for (const kind of ['timeout', 'handler_error', 'timeout']) observer.failed(run, 'b', kind);
    expect(active).toEqual([1, 2, 1, 0]);
    expect(recorder.histograms).toEqual({
      'basalt.executor.node_latency_ms{"node":"b"}': [5, 0],
      'basalt.executor.node_latency_ms{"node":"a"}': [7],
    });
    expect(recorder.counters).toEqual({
      'basalt.executor.node_errors_total{"error_kind":"handler_error"}': 1,
      'basalt.executor.node_errors_total{"error_kind":"timeout"}': 2,
    });
  });

  it('adds up the queues of executions, and forgets those of one that was cancelled', () => {
    const { recorder, observer } = observed();
    const [r1, r2] = [new FakeRun('r1'), new FakeRun('r2')];
    const depth = () => recorder.gauges['basalt.executor.queue_depth{"edge":"a->b"}'];
    observer.edgeDepth(r1, edge('a->b'), 2);
    observer.edgeDepth(r2, edge('a->b'), 3);
    expect(depth()).toBe(5);
    observer.edgeDepth(r1, edge('a->b'), 1);
    expect(depth()).toBe(4);
    observer.nodeStarted(r1, call(1, 'a'));
    observer.runEnded(r1, 'cancelled', undefined, diagnostic.RUN106({ run: 'r1', reason: 'x' }));
    expect(depth()).toBe(3);
    expect(recorder.gauges['basalt.executor.active_nodes{}']).toBe(0);
    observer.edgeDepth(r2, edge('a->b'), 0);
    expect(depth()).toBe(0);
    expect(recorder.counters).toEqual({
      'basalt.executor.cancellations_total{"reason":"RUN106"}': 1,
    });
  });

  it('does not count what completed as cancelled', () => {
    const { recorder, observer } = observed();
    observer.runEnded(new FakeRun('r1'), 'completed', null, undefined);
    expect(recorder.counters).toEqual({});
  });

  it('measures captures and streams', () => {
    const { recorder, observer } = observed();
    observer.captureWaited(new FakeRun('r1'), 12);
    observer.streamOpened();
    observer.streamOpened();
    expect(recorder.histograms).toEqual({ 'basalt.executor.capture_backpressure_ms{}': [12] });
    expect(recorder.counters).toEqual({ 'basalt.executor.stream_clients_total{}': 2 });
  });

  it('bounds the values of its labels, and gauges under other stay sums', () => {
    const { recorder, observer } = observed({ maxLabelValues: 1 });
    const run = new FakeRun('r1');
    for (const name of ['a->b', 'c->d', 'e->f']) observer.edgeDepth(run, edge(name), 2);
    observer.edgeDepth(run, edge('c->d'), 0);
    expect(recorder.gauges).toEqual({
      'basalt.executor.queue_depth{"edge":"a->b"}': 2,
      'basalt.executor.queue_depth{"edge":"other"}': 2,
    });
    observer.runEnded(run, 'completed', null, undefined);
    expect(Object.values(recorder.gauges)).toEqual([0, 0]);
  });

  it('ignores the end of what it did not see begin', () => {
    const { recorder, observer } = observed();
    observer.nodeEnded(new FakeRun('r1'), call(1, 'a'));
    expect([recorder.gauges, recorder.histograms]).toEqual([{}, {}]);
  });

  it('uses the names of the 0.1 contract', () => {
    expect(Object.values(METRICS).map((name) => name.replace('basalt.executor.', ''))).toEqual([
      'active_nodes',
      'queue_depth',
      'node_latency_ms',
      'node_errors_total',
      'cancellations_total',
      'capture_backpressure_ms',
      'stream_clients_total',
    ]);
  });

  it('sees a stream with a slow reader, errors of every kind and what ends an execution', async () => {
    const { recorder, observer } = observed();
    const bundle = bundleOf({
      nodes: {
        start: async function* () {
          for (let i = 0; i < 20; i += 1) yield i;
        },
        step: (n: number) => {
          if (n === 15) throw new Error('fifteen');
          return n;
        },
      },
      edges: ['start -> step'],
    });
    const invoke = { payload: null, mode: 'stream' } as const;
    const run = startRun(compilePlan(bundle), invoke, { observer });
    const read = async () => {
      for await (const _ of run.outputs()) await new Promise((resolve) => setImmediate(resolve));
    };
    await expect(read()).rejects.toThrow('fifteen');
    expect((await run.result).status).toBe('failed');
    expect(recorder.counters).toEqual({
      'basalt.executor.stream_clients_total{}': 1,
      'basalt.executor.node_errors_total{"error_kind":"handler_error"}': 1,
      'basalt.executor.cancellations_total{"reason":"RUN101"}': 1,
    });
    expect(
      recorder.histograms['basalt.executor.capture_backpressure_ms{}']!.length,
    ).toBeGreaterThan(0);
    expect(recorder.histograms['basalt.executor.node_latency_ms{"node":"step"}']!.length).toBe(16);
    expect(recorder.gauges).toEqual({
      'basalt.executor.active_nodes{}': 0,
      'basalt.executor.queue_depth{"edge":"start->step"}': 0,
    });
  });
});

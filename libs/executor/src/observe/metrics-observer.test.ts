import { diagnostic } from '@basalt/diagnostics';
import { compilePlan } from '../plan/compile-plan.js';
import { METRICS } from './flow-measures.js';
import { MetricsObserver } from './metrics-observer.js';
import type { MetricLabels, MetricsSink } from './metrics-sink.js';
import type { ObservedInvocation, ObservedRun } from './run-observer.js';
import { startRun } from '../run/run.js';
import { bundleOf } from '../testing/flow-fixture.js';

/** Keeps sums, last values and observations by "name{labels}". */
class Recorder implements MetricsSink {
  readonly counters: Record<string, number> = {};
  readonly gauges: Record<string, number> = {};
  readonly histograms: Record<string, number[]> = {};

  counter(name: string, labels: MetricLabels) {
    const key = name + JSON.stringify(labels);
    return {
      add: (count: number) => void (this.counters[key] = (this.counters[key] ?? 0) + count),
    };
  }

  gauge(name: string, labels: MetricLabels) {
    return { set: (value: number) => void (this.gauges[name + JSON.stringify(labels)] = value) };
  }

  histogram(name: string, labels: MetricLabels) {
    const key = name + JSON.stringify(labels);
    return { observe: (value: number) => void (this.histograms[key] ??= []).push(value) };
  }
}

class FakeRun implements ObservedRun {
  readonly flow = 'an id';
  readonly parentId = undefined;
  readonly startedAt = 0;
  readonly lastTick = 0;
  active = 0;
  depths: Record<string, number> = {};
  constructor(
    readonly id: string,
    readonly flowName = 'orders',
  ) {}
  now(): number {
    return 0;
  }
  countActive(): number {
    return this.active;
  }
  eachDepth(visit: (edge: string, depth: number) => void): void {
    for (const [edge, depth] of Object.entries(this.depths)) visit(edge, depth);
  }
  eachEnded(): void {}
}

const ended = (alias: string, ms: number): ObservedInvocation => ({
  seq: 1,
  alias,
  attempt: 1,
  input: null,
  ms,
});

function observed(options?: { maxLabelValues: number }) {
  const recorder = new Recorder();
  const observer = new MetricsObserver(recorder, options);
  const gauges = () => {
    observer.collect();
    return recorder.gauges;
  };
  return { recorder, observer, gauges };
}

describe('MetricsObserver', () => {
  it('measures nodes: how long they take, how they fail, by flow', () => {
    const { recorder, observer } = observed();
    const [orders, bills] = [new FakeRun('r1'), new FakeRun('r2', 'bills')];
    observer.nodeEnded(orders, ended('b', 5));
    observer.nodeEnded(orders, ended('a', 7));
    observer.nodeEnded(orders, ended('b', 0));
    observer.nodeEnded(bills, ended('a', 1));
    for (const kind of ['timeout', 'handler_error', 'timeout']) observer.failed(orders, 'b', kind);
    observer.failed(bills, 'b', 'timeout');
    expect(recorder.histograms).toEqual({
      'basalt.executor.node_latency_ms{"flow":"orders","node":"b"}': [5, 0],
      'basalt.executor.node_latency_ms{"flow":"orders","node":"a"}': [7],
      'basalt.executor.node_latency_ms{"flow":"bills","node":"a"}': [1],
    });
    expect(recorder.counters).toEqual({
      'basalt.executor.node_errors_total{"flow":"orders","error_kind":"handler_error"}': 1,
      'basalt.executor.node_errors_total{"flow":"orders","error_kind":"timeout"}': 2,
      'basalt.executor.node_errors_total{"flow":"bills","error_kind":"timeout"}': 1,
    });
  });

  it('adds up what is under way, and forgets what an ended execution held', () => {
    const { recorder, observer, gauges } = observed();
    const [r1, r2] = [new FakeRun('r1'), new FakeRun('r2')];
    Object.assign(r1, { active: 1, depths: { 'a->b': 2 } });
    Object.assign(r2, { active: 2, depths: { 'a->b': 3, 'b->c': 0 } });
    const both = (active: number, ab: number) => ({
      'basalt.executor.active_nodes{"flow":"orders"}': active,
      'basalt.executor.queue_depth{"flow":"orders","edge":"a->b"}': ab,
      'basalt.executor.queue_depth{"flow":"orders","edge":"b->c"}': 0,
    });
    observer.runStarted(r1);
    observer.runStarted(r2);
    expect(gauges()).toEqual(both(3, 5));
    r1.depths = { 'a->b': 1 };
    expect(gauges()).toEqual(both(3, 4));
    observer.runEnded(r1, 'cancelled', undefined, diagnostic.RUN106({ run: 'r1', reason: 'x' }));
    expect(gauges()).toEqual(both(2, 3));
    observer.runEnded(r2, 'completed', null, undefined);
    expect(gauges()).toEqual(both(0, 0));
    expect(recorder.counters).toEqual({
      'basalt.executor.cancellations_total{"flow":"orders","reason":"RUN106"}': 1,
    });
  });

  it('shows the edges of a flow from its first execution on', () => {
    const { recorder, observer } = observed();
    const run = new FakeRun('r1');
    run.depths = { 'a->b': 0 };
    observer.runStarted(run);
    observer.runEnded(run, 'completed', null, undefined);
    observer.collect();
    expect(recorder.gauges).toEqual({
      'basalt.executor.active_nodes{"flow":"orders"}': 0,
      'basalt.executor.queue_depth{"flow":"orders","edge":"a->b"}': 0,
    });
    expect(recorder.counters).toEqual({});
  });

  it('measures captures and streams', () => {
    const { recorder, observer } = observed();
    const run = new FakeRun('r1');
    observer.captureWaited(run, 12);
    observer.streamOpened(run);
    observer.streamOpened(run);
    expect(recorder.histograms).toEqual({
      'basalt.executor.capture_backpressure_ms{"flow":"orders"}': [12],
    });
    expect(recorder.counters).toEqual({
      'basalt.executor.stream_clients_total{"flow":"orders"}': 2,
    });
  });

  it('bounds the values of its labels, and what is under other is a sum', () => {
    const { recorder, observer, gauges } = observed({ maxLabelValues: 1 });
    const [run, second, third] = ['x', 'y', 'z'].map((name) => new FakeRun(name, name));
    run!.depths = { 'a->b': 1, 'c->d': 2, 'e->f': 4 };
    second!.depths = { 'a->b': 8 };
    third!.depths = { 'g->h': 16 };
    for (const one of [run!, second!, third!]) {
      observer.runStarted(one);
      observer.nodeEnded(one, ended('a', 1));
      observer.nodeEnded(one, ended('b', 2));
    }
    expect(gauges()).toEqual({
      'basalt.executor.active_nodes{"flow":"x"}': 0,
      'basalt.executor.active_nodes{"flow":"other"}': 0,
      'basalt.executor.queue_depth{"flow":"x","edge":"a->b"}': 1,
      'basalt.executor.queue_depth{"flow":"x","edge":"other"}': 6,
      'basalt.executor.queue_depth{"flow":"other","edge":"other"}': 24,
    });
    expect(recorder.histograms).toEqual({
      'basalt.executor.node_latency_ms{"flow":"x","node":"a"}': [1],
      'basalt.executor.node_latency_ms{"flow":"x","node":"other"}': [2],
      'basalt.executor.node_latency_ms{"flow":"other","node":"other"}': [1, 2, 1, 2],
    });
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
    const { recorder, observer, gauges } = observed();
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
    expect(gauges()['basalt.executor.active_nodes{"flow":"test"}']).toBeGreaterThan(0);
    const read = async () => {
      for await (const _ of run.outputs()) await new Promise((resolve) => setImmediate(resolve));
    };
    await expect(read()).rejects.toThrow('fifteen');
    expect((await run.result).status).toBe('failed');
    expect(recorder.counters).toEqual({
      'basalt.executor.stream_clients_total{"flow":"test"}': 1,
      'basalt.executor.node_errors_total{"flow":"test","error_kind":"handler_error"}': 1,
      'basalt.executor.cancellations_total{"flow":"test","reason":"RUN101"}': 1,
    });
    const of = (metric: string, labels: object) =>
      recorder.histograms[`basalt.executor.${metric}${JSON.stringify(labels)}`]!;
    expect(of('capture_backpressure_ms', { flow: 'test' }).length).toBeGreaterThan(0);
    expect(of('node_latency_ms', { flow: 'test', node: 'step' }).length).toBe(16);
    expect(gauges()).toEqual({
      'basalt.executor.active_nodes{"flow":"test"}': 0,
      'basalt.executor.queue_depth{"flow":"test","edge":"start->step"}': 0,
    });
  });
});

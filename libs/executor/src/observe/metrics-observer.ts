// Counts what happens in executions, under the names of the 0.1 contract with the prefix `basalt.`.
// One observer may watch any number of executions at once: gauges are sums over all of them.
import type { Diagnostic } from '@basalt/diagnostics';
import { LabelLimit } from './label-limit.js';
import type { MetricsSink } from './metrics-sink.js';
import type { EdgePlan } from '../plan/exec-plan.js';
import type { ObservedInvocation, ObservedRun, RunObserver } from './run-observer.js';
import type { RunStatus } from '../run/run-result.js';

/** The names, by what they measure. */
export const METRICS = {
  activeNodes: 'basalt.executor.active_nodes',
  queueDepth: 'basalt.executor.queue_depth',
  nodeLatencyMs: 'basalt.executor.node_latency_ms',
  nodeErrorsTotal: 'basalt.executor.node_errors_total',
  cancellationsTotal: 'basalt.executor.cancellations_total',
  captureBackpressureMs: 'basalt.executor.capture_backpressure_ms',
  streamClientsTotal: 'basalt.executor.stream_clients_total',
} as const;

export interface MetricsOptions {
  /** Most different values of one label; the rest is counted under `other`. Default 1000. */
  readonly maxLabelValues?: number;
}

/** What one execution has added to the gauges. */
interface Share {
  readonly started: Map<number, number>;
  readonly depths: Map<string, number>;
}

export class MetricsObserver implements RunObserver {
  readonly #sink: MetricsSink;
  readonly #nodes: LabelLimit;
  readonly #edges: LabelLimit;
  readonly #kinds: LabelLimit;
  readonly #reasons: LabelLimit;
  readonly #shares = new Map<string, Share>();
  readonly #depths = new Map<string, number>();
  #active = 0;

  constructor(sink: MetricsSink, { maxLabelValues = 1000 }: MetricsOptions = {}) {
    this.#sink = sink;
    this.#nodes = new LabelLimit(maxLabelValues);
    this.#edges = new LabelLimit(maxLabelValues);
    this.#kinds = new LabelLimit(maxLabelValues);
    this.#reasons = new LabelLimit(maxLabelValues);
  }

  runEnded(
    run: ObservedRun,
    _status: RunStatus,
    _output: unknown,
    cause: Diagnostic | undefined,
  ): void {
    // Whatever ends an execution early cancels what is still under way in it.
    if (cause !== undefined) {
      const labels = { reason: this.#reasons.of(cause.code) };
      this.#sink.counter(METRICS.cancellationsTotal, 1, labels);
    }
    this.#giveBack(run);
  }

  nodeStarted(run: ObservedRun, invocation: ObservedInvocation): void {
    this.#share(run).started.set(invocation.seq, run.now());
    this.#addActive(1);
  }

  nodeEnded(run: ObservedRun, invocation: ObservedInvocation): void {
    const { started } = this.#share(run);
    const startMs = started.get(invocation.seq);
    if (startMs === undefined) return;
    started.delete(invocation.seq);
    this.#addActive(-1);
    const labels = { node: this.#nodes.of(invocation.alias) };
    this.#sink.histogram(METRICS.nodeLatencyMs, run.now() - startMs, labels);
  }

  edgeDepth(run: ObservedRun, edge: EdgePlan, depth: number): void {
    const { depths } = this.#share(run);
    const label = this.#edges.of(edge.label);
    const key = edge.label;
    this.#addDepth(label, depth - (depths.get(key) ?? 0));
    if (depth === 0) depths.delete(key);
    else depths.set(key, depth);
  }

  failed(_run: ObservedRun, _alias: string, kind: string): void {
    this.#sink.counter(METRICS.nodeErrorsTotal, 1, { error_kind: this.#kinds.of(kind) });
  }

  /** An output waited `ms` milliseconds for its caller to take those before it. */
  captureWaited(_run: ObservedRun, ms: number): void {
    this.#sink.histogram(METRICS.captureBackpressureMs, ms, {});
  }

  /** A caller began to read the outputs of an execution as a stream. */
  streamOpened(): void {
    this.#sink.counter(METRICS.streamClientsTotal, 1, {});
  }

  #share(run: ObservedRun): Share {
    let share = this.#shares.get(run.id);
    if (share === undefined) {
      share = { started: new Map(), depths: new Map() };
      this.#shares.set(run.id, share);
    }
    return share;
  }

  /** What an execution still held when it ended (it was cancelled) is taken from the gauges. */
  #giveBack(run: ObservedRun): void {
    const share = this.#shares.get(run.id);
    if (share === undefined) return;
    this.#shares.delete(run.id);
    if (share.started.size > 0) this.#addActive(-share.started.size);
    for (const [label, depth] of share.depths) this.#addDepth(this.#edges.of(label), -depth);
  }

  #addActive(change: number): void {
    this.#active += change;
    this.#sink.gauge(METRICS.activeNodes, this.#active, {});
  }

  #addDepth(edge: string, change: number): void {
    const depth = (this.#depths.get(edge) ?? 0) + change;
    if (depth === 0) this.#depths.delete(edge);
    else this.#depths.set(edge, depth);
    this.#sink.gauge(METRICS.queueDepth, depth, { edge });
  }
}

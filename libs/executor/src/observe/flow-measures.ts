// What is counted of the executions of one flow. Each series is looked up once.
import { OTHER_LABEL, type LabelLimit } from './label-limit.js';
import type { CounterSeries, GaugeSeries, HistogramSeries, MetricsSink } from './metrics-sink.js';
import type { ObservedRun } from './run-observer.js';

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

/** Bounds on the values of the labels, over all flows. */
export interface LabelLimits {
  readonly nodes: LabelLimit;
  readonly edges: LabelLimit;
  readonly kinds: LabelLimit;
  readonly reasons: LabelLimit;
}

/** A gauge, and the sum that it is about to show. */
interface Depth {
  readonly gauge: GaugeSeries;
  sum: number;
}

export class FlowMeasures {
  readonly #flow: string;
  readonly #sink: MetricsSink;
  readonly #limits: LabelLimits;
  readonly #latencies = new Map<string, HistogramSeries>();
  readonly #errors = new Map<string, CounterSeries>();
  readonly #cancellations = new Map<string, CounterSeries>();
  readonly #depths = new Map<string, Depth>();
  readonly #activeNodes: GaugeSeries;
  #active = 0;

  /** @param flow the value of the label `flow` */
  constructor(flow: string, sink: MetricsSink, limits: LabelLimits) {
    this.#flow = flow;
    this.#sink = sink;
    this.#limits = limits;
    this.#activeNodes = sink.gauge(METRICS.activeNodes, { flow });
    this.#activeNodes.set(0);
  }

  nodeEnded(alias: string, ms: number): void {
    (this.#latencies.get(alias) ?? this.#addLatency(alias)).observe(ms);
  }

  failed(kind: string): void {
    const label = this.#bounded(this.#limits.kinds, kind);
    let series = this.#errors.get(label);
    if (series === undefined) {
      const labels = { flow: this.#flow, error_kind: label };
      series = this.#sink.counter(METRICS.nodeErrorsTotal, labels);
      this.#errors.set(label, series);
    }
    series.add(1);
  }

  cancelled(reason: string): void {
    const label = this.#bounded(this.#limits.reasons, reason);
    let series = this.#cancellations.get(label);
    if (series === undefined) {
      const labels = { flow: this.#flow, reason: label };
      series = this.#sink.counter(METRICS.cancellationsTotal, labels);
      this.#cancellations.set(label, series);
    }
    series.add(1);
  }

  captureWaited(ms: number): void {
    this.#sink.histogram(METRICS.captureBackpressureMs, { flow: this.#flow }).observe(ms);
  }

  streamOpened(): void {
    this.#sink.counter(METRICS.streamClientsTotal, { flow: this.#flow }).add(1);
  }

  beginCollection(): void {
    this.#active = 0;
    for (const depth of this.#depths.values()) depth.sum = 0;
  }

  /** Adds what one execution has under way. */
  collect(run: ObservedRun): void {
    this.#active += run.countActive();
    run.eachDepth((edge, depth) => {
      this.#depthOf(edge).sum += depth;
    });
  }

  endCollection(): void {
    this.#activeNodes.set(this.#active);
    for (const { gauge, sum } of this.#depths.values()) gauge.set(sum);
  }

  #addLatency(alias: string): HistogramSeries {
    const node = this.#bounded(this.#limits.nodes, alias);
    const series = this.#sink.histogram(METRICS.nodeLatencyMs, { flow: this.#flow, node });
    // A node beyond the bound is looked up again each time: there may be any number of them.
    if (node === alias) this.#latencies.set(alias, series);
    return series;
  }

  #depthOf(label: string): Depth {
    const edge = this.#bounded(this.#limits.edges, label);
    let depth = this.#depths.get(edge);
    if (depth === undefined) {
      const gauge = this.#sink.gauge(METRICS.queueDepth, { flow: this.#flow, edge });
      depth = { gauge, sum: 0 };
      this.#depths.set(edge, depth);
    }
    return depth;
  }

  /** The same name in two flows is two values. */
  #bounded(limit: LabelLimit, name: string): string {
    if (this.#flow === OTHER_LABEL) return OTHER_LABEL;
    return limit.admits(`${this.#flow}\u0000${name}`) ? name : OTHER_LABEL;
  }
}

// Counts what happens in executions, under the names of the 0.1 contract with the prefix `basalt.`.
// One observer may watch any number of executions at once. What is under way is not followed step by
// step but looked up when somebody asks, which most steps of an execution then cost nothing.
import type { Diagnostic } from '@basalt/diagnostics';
import { FlowMeasures, type LabelLimits } from './flow-measures.js';
import { LabelLimit } from './label-limit.js';
import type { MetricsSink } from './metrics-sink.js';
import type { ObservedInvocation, ObservedRun, RunObserver } from './run-observer.js';
import type { RunStatus } from '../run/run-result.js';

export interface MetricsOptions {
  /** Most different values of one label; the rest is counted under `other`. Default 1000. */
  readonly maxLabelValues?: number;
}

export class MetricsObserver implements RunObserver {
  readonly #sink: MetricsSink;
  readonly #limits: LabelLimits;
  readonly #flowNames: LabelLimit;
  readonly #flows = new Map<string, FlowMeasures>();
  readonly #running = new Set<ObservedRun>();
  /** The flow that the last event belonged to. */
  #lastName: string | undefined = undefined;
  #lastFlow: FlowMeasures | undefined = undefined;
  /** The one that began last, which is in no set: most end before another one begins. */
  #latest: ObservedRun | undefined = undefined;

  constructor(sink: MetricsSink, { maxLabelValues = 1000 }: MetricsOptions = {}) {
    this.#sink = sink;
    this.#flowNames = new LabelLimit(maxLabelValues);
    this.#limits = {
      nodes: new LabelLimit(maxLabelValues),
      edges: new LabelLimit(maxLabelValues),
      kinds: new LabelLimit(maxLabelValues),
      reasons: new LabelLimit(maxLabelValues),
    };
  }

  /** Brings the gauges up to now: call it before they are read. */
  collect(): void {
    for (const flow of this.#flows.values()) flow.beginCollection();
    for (const run of this.#running) this.#of(run).collect(run);
    if (this.#latest !== undefined) this.#of(this.#latest).collect(this.#latest);
    for (const flow of this.#flows.values()) flow.endCollection();
  }

  runStarted(run: ObservedRun): void {
    if (!this.#flows.has(run.flowName)) this.#add(run).collect(run);
    if (this.#latest !== undefined) this.#running.add(this.#latest);
    this.#latest = run;
  }

  runEnded(
    run: ObservedRun,
    _status: RunStatus,
    _output: unknown,
    cause: Diagnostic | undefined,
  ): void {
    if (run === this.#latest) this.#latest = undefined;
    else this.#running.delete(run);
    // Whatever ends an execution early cancels what is still under way in it.
    if (cause !== undefined) this.#of(run).cancelled(cause.code);
  }

  nodeEnded(run: ObservedRun, { alias, ms }: ObservedInvocation): void {
    this.#of(run).nodeEnded(alias, ms);
  }

  failed(run: ObservedRun, _alias: string, kind: string): void {
    this.#of(run).failed(kind);
  }

  /** An output waited `ms` milliseconds for its caller to take those before it. */
  captureWaited(run: ObservedRun, ms: number): void {
    this.#of(run).captureWaited(ms);
  }

  /** A caller began to read the outputs of an execution as a stream. */
  streamOpened(run: ObservedRun): void {
    this.#of(run).streamOpened();
  }

  #of(run: ObservedRun): FlowMeasures {
    const { flowName } = run;
    if (flowName === this.#lastName) return this.#lastFlow!;
    this.#lastName = flowName;
    return (this.#lastFlow = this.#flows.get(flowName) ?? this.#add(run));
  }

  /** Flows beyond the bound share one; they are not remembered by name, for there may be any number. */
  #add(run: ObservedRun): FlowMeasures {
    const label = this.#flowNames.of(run.flowName);
    let measures = this.#flows.get(label);
    if (measures === undefined) {
      measures = new FlowMeasures(label, this.#sink, this.#limits);
      this.#flows.set(label, measures);
    }
    return measures;
  }
}

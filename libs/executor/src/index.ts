// Public API of @basalt/executor.

// What front ends give to the executor.
export type {
  FlowBundle,
  InvocationMetadata,
  NodeContext,
  NodeHandler,
  NodeLog,
  NodeResult,
} from './node-handler.js';

// Compiling a flow.
export { compileFlow, compilePlan } from './plan/compile-plan.js';
export type { EdgePlan, ExecPlan, NodePlan } from './plan/exec-plan.js';

// Executing it.
export { outputOf, runFlow, startRun } from './run/run.js';
export type { Run, RunStats } from './run/run-handle.js';
export { DEFAULT_GRACE_MS } from './run/host-options.js';
export type {
  DeterministicOptions,
  HostOptions,
  Invoke,
  UnknownOutcome,
} from './run/host-options.js';
export type { WaitingFor } from './run/awaited-events.js';
export type {
  ErrorSummary,
  NodeSummary,
  RunOutcome,
  RunResult,
  RunStatus,
  RunSummary,
} from './run/run-result.js';

// Watching executions.
export { combineObservers, routedObserver } from './observe/run-observer.js';
export type {
  DropReason,
  NodeOutcome,
  ObservedInvocation,
  ObservedRun,
  RunObserver,
} from './observe/run-observer.js';

// Observers: traces and metrics.
export { ChromeTrace } from './observe/chrome-trace.js';
export type { ChromeTraceOptions } from './observe/chrome-trace.js';
export type { TraceSink } from './observe/trace-stream.js';
export { METRICS } from './observe/flow-measures.js';
export { MetricsObserver } from './observe/metrics-observer.js';
export type { MetricsOptions } from './observe/metrics-observer.js';
export type {
  CounterSeries,
  GaugeSeries,
  HistogramSeries,
  MetricLabels,
  MetricsSink,
} from './observe/metrics-sink.js';

// Results that executions of one host share.
export { cacheStoresOf, ResultCache } from './recovery/result-cache.js';
export type { FaultListener, ResultCacheOptions } from './recovery/result-cache.js';

// Durable executions.
export { canContinue } from './durable/can-continue.js';
export type { Continuation } from './durable/can-continue.js';
export { replayRun } from './durable/replay-run.js';
export type { ReplayReport, ReplayStart } from './durable/replay-run.js';
export type { Divergence } from './durable/replay-watch.js';
export type {
  DurableStep,
  InvocationKey,
  JournaledEvent,
  RecordedFinding,
  RecordedUndo,
  Reservation,
  RunJournal,
  RunRecord,
} from './durable/run-journal.js';

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
export { compileFlow, compilePlan } from './compile-plan.js';
export type { EdgePlan, ExecPlan, NodePlan } from './exec-plan.js';

// Executing it.
export { outputOf, runFlow, startRun } from './run.js';
export type { Run, RunStats } from './run-handle.js';
export { DEFAULT_GRACE_MS } from './host-options.js';
export type { DeterministicOptions, HostOptions, Invoke } from './host-options.js';
export type { WaitingFor } from './awaited-events.js';
export type { ErrorSummary, NodeSummary, RunResult, RunStatus, RunSummary } from './run-result.js';

// Watching executions.
export { combineObservers } from './run-observer.js';
export type {
  DropReason,
  NodeOutcome,
  ObservedInvocation,
  ObservedRun,
  RunObserver,
} from './run-observer.js';

// Observers: traces and metrics.
export { ChromeTrace } from './chrome-trace.js';
export type { ChromeTraceOptions } from './chrome-trace.js';
export type { TraceSink } from './trace-stream.js';
export { METRICS, MetricsObserver } from './metrics-observer.js';
export type { MetricsOptions } from './metrics-observer.js';
export type { MetricsSink } from './metrics-sink.js';

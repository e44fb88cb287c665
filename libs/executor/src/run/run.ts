// The executor's pipeline: find where the payload goes in and the result comes out, check what the
// execution needs, start it, and hand out what its caller may do with it.
import { diagnostic, DiagnosticError, type Diagnostic } from '@basalt/diagnostics';
import { preflightCapabilities } from '@basalt/validator';
import { checkValue, encodeCanonical, type Value } from '@basalt/ir';

import type { WaitingFor } from './awaited-events.js';
import { StreamCapture, ValueCapture, type Capture } from './capture.js';
import { compileFlow } from '../plan/compile-plan.js';
import { captureOf, triggerOf } from '../plan/entrypoints.js';
import type { ExecPlan } from '../plan/exec-plan.js';
import { FlowRun } from './flow-run.js';
import { sourcesOf, type HostOptions, type Invoke } from './host-options.js';
import type { FlowBundle } from '../node-handler.js';
import { DurableRun } from '../durable/durable-run.js';
import type { ReplayWatch } from '../durable/replay-watch.js';
import { settleFromJournal } from '../durable/settle-from-journal.js';
import type { RunResult } from './run-result.js';
import { resumeIn, RunHandle, type Run } from './run-handle.js';

/** Starts an execution. Never throws for what is wrong with the invocation: that is a failed result. */
export function startRun(plan: ExecPlan, invoke: Invoke, host: HostOptions = {}): Run {
  return new RunHandle(beginRun(plan, invoke, host));
}

/** Executes a journaled flow again for its comparison with the journal. */
export function replayedRun(
  plan: ExecPlan,
  invoke: Invoke,
  host: HostOptions,
  watch: ReplayWatch,
): Promise<RunResult> {
  const run = beginRun(plan, invoke, host, undefined, watch);
  if (invoke.mode === 'stream') void drop(run.capture.values());
  return run.ending.result;
}

async function drop(values: AsyncIterable<Value>): Promise<void> {
  try {
    for await (const _ of values);
  } catch {
    // The result says what went wrong.
  }
}

/** Executes a flow once and gives its result. @throws DiagnosticError when it fails. */
export async function runFlow(
  flow: FlowBundle | ExecPlan,
  payload: Value,
  options: HostOptions & Omit<Invoke, 'payload'> = {},
): Promise<Value> {
  const plan = 'handlers' in flow ? compileFlow(flow) : flow;
  const result = await beginRun(plan, { ...options, payload }, options).ending.result;
  return outputOf(result);
}

/** The output of a completed execution. @throws DiagnosticError for any other. */
export function outputOf(result: RunResult): Value {
  if (result.status === 'completed') return result.output ?? null;
  throw new DiagnosticError(result.diagnostics as [Diagnostic, ...Diagnostic[]]);
}

/** The node that executes a subflow. */
interface Caller {
  readonly parent: FlowRun;
  readonly alias: string;
  /** Names the execution in the journal; empty without one. */
  readonly scope: string;
}

/** Starts an execution, of a subflow where there is a caller. */
export function beginRun(
  plan: ExecPlan,
  invoke: Invoke,
  host: HostOptions,
  caller?: Caller,
  watch?: ReplayWatch,
): FlowRun {
  const parent = caller?.parent;
  const trigger = triggerOf(plan, invoke.trigger);
  const capture = captureOf(plan, invoke.capture, trigger);
  const sources = parent === undefined ? sourcesOf(host) : parent.sources;
  const run = new FlowRun({
    plan,
    invoke,
    host,
    sources,
    trigger: trigger instanceof DiagnosticError ? undefined : trigger,
    capture: capture instanceof DiagnosticError ? undefined : capture,
    parent,
    calledBy: caller?.alias ?? '',
    durable: parent === undefined ? durableOf(invoke, watch) : parent.durable,
    scopeKey: caller?.scope ?? '',
  });
  run.capture = captureFor(run);
  if (run.durable !== undefined && settleFromJournal(run, run.durable)) return run;
  const problem =
    errorIn(trigger) ?? errorIn(capture) ?? payloadProblem(run) ?? missingCapabilities(run);
  if (problem !== undefined) {
    // What has begun elsewhere or before is not over because it cannot go on here.
    if (parent === undefined && (run.durable?.history.size ?? 0) > 0) run.ending.interrupt(problem);
    else run.fail(problem);
    return run;
  }
  watchSignal(run);
  const deadlineMs =
    invoke.deadlineMs ?? run.trigger!.ir.trigger?.deadline_ms ?? plan.ir.deadline_ms;
  run.timers.postpone();
  if (deadlineMs !== undefined) run.ending.limit(deadlineMs, timeSpent(run));
  if (!run.isStopping) {
    if (run.durable !== undefined && parent === undefined) listen(run, run.durable);
    run.begin();
  }
  run.timers.arm();
  return run;
}

function durableOf(
  { journal, outcomes }: Invoke,
  watch: ReplayWatch | undefined,
): DurableRun | undefined {
  return journal === undefined ? undefined : new DurableRun(journal, outcomes, watch);
}

function listen(run: FlowRun, durable: DurableRun): void {
  durable.listen(({ id, checkpoint, correlation, event }) =>
    resumeIn(run, checkpoint, correlation, event, id),
  );
}

/** Milliseconds since the execution was first started. */
function timeSpent({ durable, parent, clock }: FlowRun): number {
  if (durable === undefined || parent !== undefined) return 0;
  return Math.max(0, clock.now() - durable.journal.startedAt);
}

function captureFor(run: FlowRun): Capture {
  if (run.invoke.mode !== 'stream') {
    return new ValueCapture(run.ending);
  }
  run.observer?.streamOpened?.(run);
  return new StreamCapture(
    () => run.now(),
    (waitedMs) => {
      run.observer?.captureWaited?.(run, waitedMs);
      run.drainSoon();
    },
    () => run.ending.cancel('its consumer has left'),
  );
}

function errorIn(found: unknown): Diagnostic | undefined {
  return found instanceof DiagnosticError ? found.diagnostic : undefined;
}

function payloadProblem(run: FlowRun): Diagnostic | undefined {
  const { payload, payloadIsChecked = false } = run.invoke;
  const { alias, checkInput, ir } = run.trigger!;
  const fault = checkValue(payload);
  if (fault !== undefined) {
    return diagnostic.RUN117({ place: fault.path || 'the top', reason: fault.reason });
  }
  const problem = payloadIsChecked ? undefined : checkInput?.(payload);
  if (problem !== undefined) return diagnostic.RUN116({ trigger: alias, problem });
  const limit = ir.trigger?.max_payload_bytes;
  if (limit === undefined) return undefined;
  const bytes = encodeCanonical(payload).length;
  return bytes <= limit
    ? undefined
    : diagnostic.RUN050({ what: `The payload of ${alias}`, bytes, limit });
}

const CACHE_OF_TIER = { disk: 'cacheDisk', redis: 'cacheRedis' } as const;

/** Nothing is begun where something will be missing: not after half of the effects. */
function missingCapabilities(run: FlowRun): Diagnostic | undefined {
  const { plan, host, parent } = run;
  if (!plan.needsCapabilities || parent !== undefined) return undefined;
  // A replay calls nothing that needs them.
  if (run.durable?.watch !== undefined) return undefined;
  const bound = new Set(['clock', 'rng', 'log']);
  for (const [name, provider] of Object.entries(host.capabilities ?? {})) {
    if (provider !== undefined) bound.add(name);
  }
  if (host.secrets !== undefined) bound.add('secrets');
  for (const tier of host.resultCache?.tiers ?? []) bound.add(CACHE_OF_TIER[tier]);
  const missing = preflightCapabilities(plan.ir, bound);
  if (missing.length === 0) return undefined;
  const params = { flow: plan.ir.name, hints: missing.join(', ') };
  return diagnostic.CAP101(params, undefined, { details: { hints: missing } });
}

function watchSignal(run: FlowRun): void {
  const { signal } = run.invoke;
  if (signal === undefined) return;
  const onAbort = () => run.ending.cancel(reasonOf(signal));
  if (signal.aborted) {
    onAbort();
    return;
  }
  signal.addEventListener('abort', onAbort, { once: true });
  run.ending.onEnd(() => signal.removeEventListener('abort', onAbort));
}

function reasonOf({ reason }: AbortSignal): string {
  return reason instanceof Error ? reason.message : String(reason);
}

export type { WaitingFor };

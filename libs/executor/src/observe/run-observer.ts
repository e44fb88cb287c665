// What a host may watch of an execution: traces, metrics, the viewer and the journal are observers.
// Without one nothing of this costs anything.
import type { Diagnostic } from '@basalt/diagnostics';
import type { Value } from '@basalt/ir';
import type { EdgePlan, NodePlan } from '../plan/exec-plan.js';
import type { RunStatus } from '../run/run-result.js';

/** The execution that an event belongs to. A subflow's execution names its parent. */
export interface ObservedRun {
  readonly id: string;
  readonly flow: string;
  readonly flowName: string;
  readonly parentId: string | undefined;
  /** When it began, and when it took its last step: readings of the clock that durations are measured
   * with, in milliseconds. */
  readonly startedAt: number;
  readonly lastTick: number;
  /** Milliseconds on the clock of the execution (virtual in deterministic mode). */
  now(): number;
  /** Invocations that were begun and have not ended, those that wait for another attempt included. */
  countActive(): number;
  /** Calls back with every edge of the flow, and the messages on it now. */
  eachDepth(visit: (edge: string, depth: number) => void): void;
  /** Calls back with every node that has ended invocations: how many, and their time in milliseconds. */
  eachEnded(visit: (alias: string, invocations: number, ms: number) => void): void;
}

/** One attempt of one node. */
export interface ObservedInvocation {
  /** Counts the attempts of the execution from 1; equal runs give equal numbers. */
  readonly seq: number;
  readonly alias: string;
  readonly attempt: number;
  readonly input: Value;
  /** How long it took, in milliseconds; 0 until its end. */
  readonly ms: number;
  /** True where a journal gives what the handler gave before a restart, and it is not called. */
  readonly reused?: boolean;
}

export type DropReason =
  | 'full'
  | 'expired'
  | 'handled'
  | 'skipped'
  | 'duplicate'
  | 'late'
  | 'surplus'
  | 'uneven'
  // It is not known whether it was dealt with before a restart, and its edge lets it go.
  | 'unknown';

export type NodeOutcome = 'ok' | 'failed' | 'timeout' | 'cancelled';

/** Every method is optional. They are called in the order of events, must not throw (what they throw
 * is reported once and ignored) and must not change the values that they are shown. */
export interface RunObserver {
  runStarted?(run: ObservedRun, payload: Value): void;
  /** `cause` is the finding that decided it; undefined where the execution completed. */
  runEnded?(
    run: ObservedRun,
    status: RunStatus,
    output: Value | undefined,
    cause: Diagnostic | undefined,
  ): void;
  nodeStarted?(run: ObservedRun, invocation: ObservedInvocation): void;
  /** `output` is what the handler returned; undefined where it returned nothing or failed. */
  nodeEnded?(
    run: ObservedRun,
    invocation: ObservedInvocation,
    outcome: NodeOutcome,
    output: Value | undefined,
  ): void;
  /** A value was emitted or streamed before the end of the handler. */
  emitted?(run: ObservedRun, invocation: ObservedInvocation, value: Value): void;
  /** An attempt has failed, or a message did not reach the node; `kind` is as in the summary. */
  failed?(run: ObservedRun, alias: string, kind: string): void;
  edgeDepth?(run: ObservedRun, edge: EdgePlan, depth: number): void;
  captured?(run: ObservedRun, alias: string, value: Value): void;
  /** The outputs of the execution are read as a stream. */
  streamOpened?(run: ObservedRun): void;
  /** An output of a stream has waited `ms` milliseconds for its consumer. */
  captureWaited?(run: ObservedRun, ms: number): void;
  dropped?(run: ObservedRun, alias: string, reason: DropReason, value: Value): void;
  spilled?(run: ObservedRun, edge: EdgePlan): void;
  retried?(run: ObservedRun, invocation: ObservedInvocation, delayMs: number): void;
  waiting?(run: ObservedRun, checkpointId: string, key: string, input: Value): void;
  resumed?(run: ObservedRun, checkpointId: string, key: string, event: Value): void;
  /** A wait has ended without an event, for its time was over. */
  waitTimedOut?(run: ObservedRun, checkpointId: string, key: string, input: Value): void;
  checkpoint?(run: ObservedRun, checkpointId: string, alias: string, output: Value): void;
  compensated?(run: ObservedRun, node: NodePlan, ok: boolean): void;
  cacheHit?(run: ObservedRun, alias: string, output: Value): void;
}

const METHODS = [
  'runStarted',
  'runEnded',
  'nodeStarted',
  'nodeEnded',
  'emitted',
  'failed',
  'edgeDepth',
  'captured',
  'streamOpened',
  'captureWaited',
  'dropped',
  'spilled',
  'retried',
  'waiting',
  'resumed',
  'waitTimedOut',
  'checkpoint',
  'compensated',
  'cacheHit',
] as const satisfies readonly (keyof RunObserver)[];

// No method has more arguments than these.
type AnyMethod = (run: ObservedRun, second: unknown, third: unknown, fourth: unknown) => void;
type MethodTable = Record<(typeof METHODS)[number], AnyMethod | undefined>;

/** Told what an observer threw. */
export type OnObserverThrow = (run: ObservedRun, method: string, error: unknown) => void;

/** Observers that were guarded before: most hosts give every execution the same one. */
const guardedBefore = new WeakMap<RunObserver, RunObserver>();

/** An observer with the same methods, none of which throws.
 * @param onThrow the same function for every call */
export function guardedObserver(observer: RunObserver, onThrow: OnObserverThrow): RunObserver {
  let guarded = guardedBefore.get(observer);
  if (guarded === undefined) {
    guarded = tableOf((name) => {
      const method = observer[name] as AnyMethod | undefined;
      if (method === undefined) return undefined;
      return (run, second, third, fourth) => {
        try {
          method.call(observer, run, second, third, fourth);
        } catch (error) {
          onThrow(run, name, error);
        }
      };
    });
    guardedBefore.set(observer, guarded);
  }
  return guarded;
}

/** One observer that passes every event on to several, in order. */
export function combineObservers(observers: readonly RunObserver[]): RunObserver {
  return tableOf((name) => {
    let all: AnyMethod | undefined;
    for (const observer of observers) {
      const method = observer[name] as AnyMethod | undefined;
      if (method !== undefined)
        all = all === undefined ? bound(observer, method) : both(all, observer, method);
    }
    return all;
  });
}

// Written out: calls through lists, and by names, take several times as long.

function bound(observer: RunObserver, method: AnyMethod): AnyMethod {
  return (run, second, third, fourth) => method.call(observer, run, second, third, fourth);
}

function both(before: AnyMethod, observer: RunObserver, method: AnyMethod): AnyMethod {
  return (run, second, third, fourth) => {
    before(run, second, third, fourth);
    method.call(observer, run, second, third, fourth);
  };
}

/** One observer that passes each event on to the observer of its execution.
 * @param observerOf undefined where nobody watches that execution */
export function routedObserver(
  observerOf: (run: ObservedRun) => RunObserver | undefined,
): RunObserver {
  return tableOf((name) => (run, second, third, fourth) => {
    const observer = observerOf(run);
    (observer?.[name] as AnyMethod | undefined)?.call(observer, run, second, third, fourth);
  });
}

/** Every table has all methods in one order, so that calls through them meet one shape of object. */
function tableOf(make: (name: (typeof METHODS)[number]) => AnyMethod | undefined): RunObserver {
  const table = {} as MethodTable;
  for (const name of METHODS) table[name] = make(name);
  return table as unknown as RunObserver;
}

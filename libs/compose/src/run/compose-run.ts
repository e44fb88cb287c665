// One execution of a compose: what all its steps share.
import { randomUUID } from 'node:crypto';
import { diagnostic } from '@basalt/diagnostics';
import type { Value } from '@basalt/ir';
import type { NormalisedCompose } from '../document/normalise-compose.js';
import { closedHost, type ComposeHost } from '../host/compose-host.js';
import { StreamManager } from '../streams/stream-manager.js';
import { CancelScope } from './cancel-scope.js';
import { compileSteps, type CompiledList, type CompiledStep } from './compile-steps.js';
import { ComposeError, LoopSignal } from './compose-error.js';
import { Frame } from './frame.js';
import type { MaybePromise } from './maybe-promise.js';
import type { Registry } from './registry.js';
import { runList } from './run-list.js';
import type { State } from './state.js';

/** Sees each step that calls something; gives what the work gives. */
export interface StepObserver {
  step(step: CompiledStep, work: () => MaybePromise<Value>): MaybePromise<Value>;
}

type Facts = { readonly [name: string]: Value };

export interface ComposeRun {
  /** `$run`: id and input of the execution. */
  readonly facts: Facts;
  /** `$globals`. */
  readonly globals: Facts;
  /** What contracts may reach. */
  readonly host: ComposeHost;
  readonly streams: StreamManager;
  readonly observer: StepObserver | undefined;
  /** Frees something when the execution has ended. */
  onEnd(cleanup: () => unknown): void;
}

export interface ComposeRunOptions {
  readonly registry: Registry;
  /** State of the first step. */
  readonly state?: State | undefined;
  readonly runId?: string | undefined;
  /** Grants nothing where it is absent. */
  readonly host?: ComposeHost | undefined;
  readonly globals?: Facts | undefined;
  /** Streams whose handles are in the state; they are closed at the end. */
  readonly streams?: StreamManager | undefined;
  readonly observer?: StepObserver | undefined;
  /** Cancels the execution. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds after which the execution is cancelled with COMP109. */
  readonly timeoutMs?: number | undefined;
}

/** A compose that can run, many times and at once. */
export interface CompiledCompose {
  readonly name: string;
  readonly list: CompiledList;
}

/** `name` is the file of the compose, or its id, as errors say it. */
export function compileCompose({ steps }: NormalisedCompose, name: string): CompiledCompose {
  return { name, list: compileSteps(steps, name) };
}

/** Runs to the last state. Throws ComposeError; work that cannot be stopped may outlive a cancellation, but
 * nothing follows it. */
export async function runCompose(
  compose: CompiledCompose,
  options: ComposeRunOptions,
): Promise<State> {
  const { registry, state = {}, runId = randomUUID(), timeoutMs } = options;
  const cancel = CancelScope.root(options.signal);
  const cleanups: (() => unknown)[] = [];
  const run: ComposeRun = {
    facts: { id: runId, input: state },
    globals: options.globals ?? {},
    host: options.host ?? closedHost(),
    streams: options.streams ?? new StreamManager(),
    observer: options.observer,
    onEnd: (cleanup) => void cleanups.push(cleanup),
  };
  const timer = timeoutMs === undefined ? undefined : startTimer(cancel, compose.name, timeoutMs);
  try {
    const scope = { run, registry: registry.layer(), cancel, tags: {}, owner: undefined };
    const frame = new Frame(scope, { ...state }, undefined, 0);
    cancel.ensureActive();
    return await cancel.race(Promise.resolve(runList(compose.list, frame)));
  } catch (thrown) {
    throw outermost(thrown);
  } finally {
    clearTimeout(timer);
    cancel.close();
    for (const cleanup of cleanups) await cleanup();
    await run.streams.closeAll();
  }
}

/** What leaves a compose: a break or continue that no loop took is an error. */
export function outermost(thrown: unknown): ComposeError {
  if (thrown instanceof LoopSignal) {
    return ComposeError.of(diagnostic.COMP111({ signal: thrown.kind }));
  }
  return ComposeError.from(thrown);
}

function startTimer(cancel: CancelScope, name: string, ms: number): NodeJS.Timeout {
  const finding = diagnostic.COMP109({ what: name, ms });
  return setTimeout(() => cancel.cancel(ComposeError.of(finding)), ms);
}

// What a handler is given beside its input: the slots of its step, other components, cancellation, clean-up.
import { diagnostic } from '@basalt/diagnostics';
import type { Value } from '@basalt/ir';
import type { CanonicalStep } from '../document/compose-model.js';
import { compileSteps, type CompiledList, type CompiledStep } from './compile-steps.js';
import { ComposeError } from './compose-error.js';
import { Frame, type Scope, type SlotVars } from './frame.js';
import { isPending, type MaybePromise } from './maybe-promise.js';
import { runList } from './run-list.js';
import type { State } from './state.js';

export type Cleanup = () => unknown;

/** How deep calls and slots may be nested before a cycle is assumed. */
export const MAX_CALL_DEPTH = 200;

export class Call {
  private cleanups: Cleanup[] | undefined;

  constructor(
    readonly frame: Frame,
    readonly step: CompiledStep | undefined,
  ) {}

  get scope(): Scope {
    return this.frame.scope;
  }

  /** Aborted when the work of this call is to stop. */
  get signal(): AbortSignal {
    return this.frame.scope.cancel.signal;
  }

  ensureNotCancelled(): void {
    this.frame.scope.cancel.ensureActive();
  }

  hasSlot(name: string): boolean {
    return this.step?.slots?.has(name) === true;
  }

  /** Who fills a slot for the steps around this call: the step itself, or the caller of the component that
   * it belongs to. */
  fillerOf(slot: string): Call | undefined {
    if (this.hasSlot(slot)) return this;
    const { owner } = this.scope;
    return owner?.hasSlot(slot) === true ? owner : undefined;
  }

  /** Runs a slot of the step. It starts from a copy of `state`, by default the state around the step, sees
   * the variables around it beside its own, and gives its last state. Throws COMP103 where the step does
   * not fill the slot. */
  runSlot(name: string, state?: State, vars?: SlotVars, scope?: Scope): MaybePromise<State> {
    const list = this.step?.slots?.get(name);
    if (list === undefined) {
      throw ComposeError.of(
        diagnostic.COMP103({ slot: name, call: this.step?.call ?? 'the compose' }),
      );
    }
    return this.runCompiled(list, state, vars, scope);
  }

  /** Runs steps that came as data. */
  runSteps(
    steps: readonly CanonicalStep[],
    name: string,
    state?: State,
    vars?: SlotVars,
    scope?: Scope,
  ): MaybePromise<State> {
    return this.runCompiled(compileSteps(steps, name), state, vars, scope);
  }

  /** Calls a component by its id. */
  call(id: string, input: State): MaybePromise<Value> {
    this.ensureNotCancelled();
    const component = this.scope.registry.find(id);
    return isPending(component)
      ? component.then((found) => invoke(found.handler, input, this.frame))
      : invoke(component.handler, input, this.frame);
  }

  /** What `collectPath` of the step finds in the state of an iteration; undefined where it finds nothing. */
  collect(state: State, vars: SlotVars, otherwise: Value): Value | undefined {
    const collect = this.step?.collect;
    if (collect === undefined) return otherwise;
    return collect(new Frame(this.scope, state, this.merged(vars), this.frame.depth));
  }

  /** Runs when this call has ended, however it ended; the last one first. Its failures are ignored. */
  defer(cleanup: Cleanup): void {
    (this.cleanups ??= []).push(cleanup);
  }

  /** Runs what was deferred. */
  close(): Promise<void> | undefined {
    const { cleanups } = this;
    if (cleanups === undefined) return undefined;
    this.cleanups = undefined;
    return cleanUp(cleanups);
  }

  /** Runs the steps of a component that was called with this. */
  runBody(list: CompiledList, state: State): MaybePromise<State> {
    const scope = { ...this.scope, owner: this };
    return runList(list, new Frame(scope, state, undefined, deeper(this.frame)));
  }

  private runCompiled(
    list: CompiledList,
    state = this.frame.state,
    vars?: SlotVars,
    scope = this.frame.scope,
  ): MaybePromise<State> {
    const depth = deeper(this.frame);
    return runList(list, new Frame(scope, { ...state }, this.merged(vars), depth));
  }

  private merged(vars: SlotVars | undefined): SlotVars | undefined {
    const around = this.frame.slotVars;
    if (vars === undefined) return around;
    return around === undefined ? vars : { ...around, ...vars };
  }
}

function deeper(frame: Frame): number {
  if (frame.depth >= MAX_CALL_DEPTH) {
    throw ComposeError.of(diagnostic.COMP106({ depth: MAX_CALL_DEPTH }));
  }
  return frame.depth + 1;
}

/** Calls a handler that belongs to no step. */
function invoke(
  handler: (input: State, call: Call) => MaybePromise<Value>,
  input: State,
  around: Frame,
): MaybePromise<Value> {
  const frame = new Frame(around.scope, input, undefined, deeper(around));
  const call = new Call(frame, undefined);
  return closing(call, () => handler(input, call));
}

/** Gives what `work` gives, after the clean-ups of the call. */
export function closing<T>(call: Call, work: () => MaybePromise<T>): MaybePromise<T> {
  let result: MaybePromise<T>;
  try {
    result = work();
  } catch (error) {
    const closed = call.close();
    if (closed === undefined) throw error;
    return closed.then(() => {
      throw error;
    });
  }
  if (isPending(result)) return result.finally(() => call.close());
  const closed = call.close();
  const value = result;
  return closed === undefined ? value : closed.then(() => value);
}

async function cleanUp(cleanups: readonly Cleanup[]): Promise<void> {
  for (const cleanup of cleanups.toReversed()) {
    try {
      await cleanup();
    } catch {
      // A clean-up that fails must not hide how the call ended, nor stop the others.
    }
  }
}

// lcod://flow/try@1: slot `body`; when it fails slot `catch`, from the state around the step, with
// $slot.error; at last slot `finally`, with the error that is still open or null. What `finally` leaves is
// merged into the result, and what it throws takes the place of the error. A cancellation is not caught, but
// `finally` still runs, for at most CLEAN_UP_MS.
import { diagnostic } from '@basalt/diagnostics';
import type { Call } from '../run/call.js';
import { CancelScope } from '../run/cancel-scope.js';
import type { Component } from '../run/component.js';
import { ComposeError, LoopSignal } from '../run/compose-error.js';
import type { State } from '../run/state.js';

/** Longest time of a `finally` slot after a cancellation, in milliseconds. */
export const CLEAN_UP_MS = 5000;

export const tryOperator: Component = {
  id: 'lcod://flow/try@1',
  handler: async (_input, call) => {
    const outcome = await attempt(call);
    if (!call.hasSlot('finally')) return settled(outcome);
    const isError = outcome.thrown instanceof ComposeError;
    const error = isError ? (outcome.thrown as ComposeError).toValue() : null;
    const state = await atLast(call, { phase: 'finally', error });
    return { ...settled(outcome), ...state };
  },
};

interface Outcome {
  readonly state?: State;
  /** A ComposeError, or a LoopSignal that passes through. */
  readonly thrown?: ComposeError | LoopSignal;
}

function settled({ state, thrown }: Outcome): State {
  if (thrown !== undefined) throw thrown;
  return state!;
}

async function attempt(call: Call): Promise<Outcome> {
  try {
    return { state: await call.runSlot('body') };
  } catch (thrown) {
    if (thrown instanceof LoopSignal) return { thrown };
    const error = ComposeError.from(thrown);
    if (!call.hasSlot('catch') || call.scope.cancel.reason !== undefined) return { thrown: error };
    return handled(call, error);
  }
}

async function handled(call: Call, error: ComposeError): Promise<Outcome> {
  try {
    const vars = { phase: 'catch', error: error.toValue() };
    return { state: await call.runSlot('catch', undefined, vars) };
  } catch (thrown) {
    return { thrown: thrown instanceof LoopSignal ? thrown : ComposeError.from(thrown) };
  }
}

async function atLast(call: Call, vars: State): Promise<State> {
  if (call.scope.cancel.reason === undefined) return call.runSlot('finally', undefined, vars);
  const cancel = CancelScope.root();
  const finding = diagnostic.COMP109({ what: 'the finally slot', ms: CLEAN_UP_MS });
  const timer = setTimeout(() => cancel.cancel(ComposeError.of(finding)), CLEAN_UP_MS);
  try {
    const state = call.runSlot('finally', undefined, vars, { ...call.scope, cancel });
    return await cancel.race(Promise.resolve(state));
  } finally {
    clearTimeout(timer);
  }
}

// lcod://flow/try@1: slot `body`; when it fails slot `catch`, from the state around the step, with
// $slot.error; at last slot `finally`, with the error that is still open or null. What `finally` leaves is
// merged into the result, and what it throws takes the place of the error. A cancellation is not caught, but
// `finally` still runs, for a bounded time.
import type { Call } from '../run/call.js';
import type { Component } from '../run/component.js';
import { ComposeError, LoopSignal } from '../run/compose-error.js';
import { runShielded } from '../run/shielded-slot.js';
import type { State } from '../run/state.js';

export const tryOperator: Component = {
  id: 'lcod://flow/try@1',
  handler: async (_input, call) => {
    const outcome = await attempt(call);
    if (!call.hasSlot('finally')) return settled(outcome);
    const isError = outcome.thrown instanceof ComposeError;
    const error = isError ? (outcome.thrown as ComposeError).toValue() : null;
    const state = await runShielded(call, 'finally', { phase: 'finally', error });
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

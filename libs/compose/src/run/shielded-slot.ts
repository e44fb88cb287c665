// Slots that clean up: they run although the execution is cancelled, for a bounded time.
import { diagnostic } from '@basalt/diagnostics';
import type { Call } from './call.js';
import { CancelScope } from './cancel-scope.js';
import { ComposeError } from './compose-error.js';
import type { SlotVars } from './frame.js';
import type { State } from './state.js';

/** Longest time of a slot that cleans up after a cancellation, in milliseconds. */
export const CLEAN_UP_MS = 5000;

/** Runs a slot as part of the execution, or by itself where that is cancelled. */
export async function runShielded(call: Call, slot: string, vars?: SlotVars): Promise<State> {
  if (call.scope.cancel.reason === undefined) return call.runSlot(slot, undefined, vars);
  const cancel = CancelScope.root();
  const finding = diagnostic.COMP109({ what: `the slot ${slot}`, ms: CLEAN_UP_MS });
  const timer = setTimeout(() => cancel.cancel(ComposeError.of(finding)), CLEAN_UP_MS);
  try {
    const state = call.runSlot(slot, undefined, vars, { ...call.scope, cancel });
    return await cancel.race(Promise.resolve(state));
  } finally {
    clearTimeout(timer);
  }
}

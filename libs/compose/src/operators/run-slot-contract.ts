// lcod://contract/compose/run_slot@1: runs a slot of this step, or one that the caller of
// the component around it fills.
// {slot, state, slotVars, optional} gives {ran: true, result}, {ran: true, error} where the slot failed, or
// {ran: false, result: null} where it is optional and not filled.
import type { Component } from '../run/component.js';
import { ComposeError, LoopSignal, UNEXPECTED } from '../run/compose-error.js';
import type { State } from '../run/state.js';
import { mapInput, wrongInput } from './operator-input.js';

const ID = 'lcod://contract/compose/run_slot@1';

/** Code of a failure that has none of its own. */
const FAILED = 'slot_execution_failed';

export const runSlotContract: Component = {
  id: ID,
  handler: async (input, call): Promise<State> => {
    const slot = input['slot'] ?? 'body';
    if (typeof slot !== 'string') throw wrongInput(ID, 'slot', 'a text', slot);
    const filler = call.fillerOf(slot);
    if (filler === undefined && input['optional'] === true) return { ran: false, result: null };
    const state = mapInput(ID, input, 'state');
    const vars = mapInput(ID, input, 'slotVars');
    try {
      const scope = filler && { ...filler.scope, cancel: call.scope.cancel };
      return { ran: true, result: await (filler ?? call).runSlot(slot, state, vars, scope) };
    } catch (thrown) {
      if (thrown instanceof LoopSignal || call.scope.cancel.reason !== undefined) throw thrown;
      const { code, message } = ComposeError.from(thrown);
      const error = { code: code === UNEXPECTED ? FAILED : code, message };
      return { ran: true, error };
    }
  },
};

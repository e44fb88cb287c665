// One iteration of a loop: runs its slot, and keeps what it collects.
import type { Value } from '@basalt/ir';
import type { Call } from '../run/call.js';
import { LoopSignal } from '../run/compose-error.js';
import type { SlotVars } from '../run/frame.js';
import { isPending, type MaybePromise } from '../run/maybe-promise.js';
import type { State } from '../run/state.js';

export class LoopResults {
  readonly results: Value[] = [];

  constructor(private readonly call: Call) {}

  /** Runs a slot for an item; true when the loop is to end. */
  iterate(slot: string, item: Value, index: number): MaybePromise<boolean> {
    const vars: SlotVars = { item, index };
    try {
      const state = this.call.runSlot(slot, undefined, vars);
      if (isPending(state)) return this.later(state, vars, item);
      this.collect(state, vars, item);
      return false;
    } catch (thrown) {
      return endsLoop(thrown);
    }
  }

  private async later(state: Promise<State>, vars: SlotVars, item: Value): Promise<boolean> {
    try {
      this.collect(await state, vars, item);
      return false;
    } catch (thrown) {
      return endsLoop(thrown);
    }
  }

  private collect(state: State, vars: SlotVars, item: Value): void {
    const found = this.call.collect(state, vars, item);
    if (found !== undefined) this.results.push(found);
  }
}

/** Whether what left the slot ends the loop: break does, continue goes on, everything else is thrown on. */
export function endsLoop(thrown: unknown): boolean {
  if (thrown instanceof LoopSignal) return thrown === LoopSignal.BREAK;
  throw thrown;
}

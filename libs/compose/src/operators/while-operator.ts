// lcod://flow/while@1: slot `body` as long as slot `condition` says so, on a state of its own that starts as
// `state`. Each slot sees $slot.index and $slot.state; the state that the body leaves is the next one. Without
// an iteration slot `else` runs, where there is one. The result is {state, iterations}.
import { diagnostic } from '@basalt/diagnostics';
import type { Value } from '@basalt/ir';
import { isMap } from '../document/plain-values.js';
import type { Call } from '../run/call.js';
import type { Component } from '../run/component.js';
import { ComposeError } from '../run/compose-error.js';
import type { MaybePromise } from '../run/maybe-promise.js';
import { Pace } from '../run/pace.js';
import type { State } from '../run/state.js';
import { endsLoop } from './loop-results.js';
import { isTruthy, mapInput, wholeNumber, wrongInput } from './operator-input.js';

const ID = 'lcod://flow/while@1';

export const whileOperator: Component = {
  id: ID,
  handler: async (input, call) => {
    const most = wholeNumber(ID, input, 'maxIterations', 0) ?? 0;
    return new WhileLoop(call, { ...(mapInput(ID, input, 'state') ?? {}) }, most).run();
  },
};

class WhileLoop {
  private iterations = 0;

  constructor(
    private readonly call: Call,
    private state: State,
    /** 0 for no bound. */
    private readonly most: number,
  ) {}

  async run(): Promise<State> {
    const pace = new Pace();
    while (await this.goesOn()) {
      if (pace.isDue()) await pace.turn();
      this.call.ensureNotCancelled();
      if (this.most > 0 && this.iterations >= this.most) {
        throw ComposeError.of(diagnostic.COMP104({ most: this.most }));
      }
      const hasBroken = await this.iterate();
      this.iterations += 1;
      if (hasBroken) break;
    }
    if (this.iterations === 0 && this.call.hasSlot('else')) {
      this.state = await this.slot('else');
    }
    return { state: this.state, iterations: this.iterations };
  }

  private async iterate(): Promise<boolean> {
    try {
      this.state = await this.slot('body');
      return false;
    } catch (thrown) {
      return endsLoop(thrown);
    }
  }

  private async goesOn(): Promise<boolean> {
    const verdict = await this.slot('condition');
    if (Object.keys(verdict).length === 0) return false;
    const key = ['continue', 'cond', 'value'].find((name) => Object.hasOwn(verdict, name));
    if (key === undefined) {
      throw wrongInput(ID, 'condition', 'a slot that sets continue, cond or value', verdict);
    }
    const next = verdict['state'];
    if (isMap(next)) this.state = { ...next };
    return holds(verdict[key]);
  }

  private slot(name: string): MaybePromise<State> {
    return this.call.runSlot(name, this.state, { index: this.iterations, state: this.state });
  }
}

/** Unlike in `if`, empty lists and maps do not hold. */
function holds(value: Value | undefined): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (isMap(value)) return Object.keys(value).length > 0;
  return isTruthy(value);
}

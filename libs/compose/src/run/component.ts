// Something that a step can call.
import type { Value } from '@basalt/ir';
import type { Call } from './call.js';
import type { State } from './state.js';

export interface Component {
  /** Such as `lcod://flow/if@1`. */
  readonly id: string;
  readonly handler: ComponentHandler;
}

/** The result, or a promise of it: what is there at once costs no turn of the event loop. The input is the
 * handler's own. */
export type ComponentHandler = (input: State, call: Call) => Value | Promise<Value>;

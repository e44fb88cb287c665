// One value on its way to one node.
import type { Value } from '@basalt/ir';
import type { EdgePlan } from '../plan/exec-plan.js';
import type { Scope } from './scope.js';
import type { RunTimer } from './run-timers.js';

/** What only some messages carry. */
export interface MessageExtra {
  /** Fires when the message has been on its edge for too long. */
  timer?: RunTimer;
  /** Loads the value back from the spill tier. */
  load?: () => Promise<Value>;
  /** The partition of a spilled value, which is not at hand itself. */
  lane?: Value | undefined;
  /** The inputs of a batch, each of which holds its scope open. */
  parts?: readonly Message[];
}

/** A record for each hop of a value; made once and never reused. */
export class Message {
  /** Taken off its edge before its turn (too old, or dropped to make room). */
  dead = false;
  /** Takes a place on its edge. */
  onEdge = false;
  extra: MessageExtra | undefined = undefined;

  constructor(
    readonly value: Value,
    readonly scope: Scope,
    /** Undefined for the payload of the execution and for what a surface put together. */
    readonly edge: EdgePlan | undefined,
  ) {}
}

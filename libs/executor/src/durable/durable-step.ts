// What a durable execution knows of one invocation, over all of its attempts.
import type { Rng } from '@basalt/capabilities';
import type { NodeHandler } from '../node-handler.js';
import type { EmittedRecord, PastInvocation } from './run-history.js';
import type { InvocationKey } from './run-journal.js';

export class DurableStepState {
  /** Replaces the node's handler for the attempt under way. */
  handler: NodeHandler | undefined = undefined;
  /** The handler only repeats what is recorded: nothing of it is recorded again. */
  answered = false;
  /** Not to be started before, milliseconds since the epoch. */
  notBefore = 0;
  /** The key of the delivery ledger that the invocation holds. */
  completes: string | undefined = undefined;
  /** The execution's own randomness for this invocation, where that is seeded. */
  random: Rng | undefined = undefined;
  randomAttempt = 0;

  constructor(
    readonly key: InvocationKey,
    /** Hash of the input. */
    readonly input: string,
    readonly past: PastInvocation | undefined,
  ) {}

  /** What it sent before the restart, by index. */
  emittedAt(index: number): EmittedRecord | undefined {
    return this.past?.emitted[index];
  }
}

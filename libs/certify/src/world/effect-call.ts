// What a handler asked of the world outside, as it is written into the ledger of effects.
import type { CapabilityName } from '@basalt/capabilities';

/** The invocation that a call was made by. */
export interface CallOrigin {
  /** The run; that of a job, or `JOB~n` for its nth. */
  readonly run: string;
  readonly node: string;
  /** Made by what undoes the node. */
  readonly compensation: boolean;
  /** Undefined where the node declares none. */
  readonly key: string | undefined;
  /** BLAKE3-256 in hex of the input of the invocation. */
  readonly input: string;
  /** The handler had ended when it was made. */
  readonly late: boolean;
}

/** A call of a capability, on its way from a worker to the world. */
export interface WorldCall {
  readonly capability: CapabilityName;
  readonly operation: string;
  readonly args: readonly unknown[];
  /** Undefined for calls of the executor itself, such as the spill of an edge. */
  readonly origin: CallOrigin | undefined;
}

/** What is done to the world. state: the same again changes nothing (a value under a name). event: each
 * one counts (a message, a request), unless the receiver can tell a repeat by its key. */
export type EffectKind = 'state' | 'event';

/** A call that changes something outside: one line of the ledger. */
export interface EffectCall extends CallOrigin {
  /** Counts the calls of a case, from 1. */
  readonly seq: number;
  readonly job: string;
  readonly capability: CapabilityName;
  readonly operation: string;
  readonly kind: EffectKind;
  /** What it is done to: a name, a queue, a method and address. */
  readonly target: string;
  /** Hash of all that it says, without the key. */
  readonly content: string;
  /** The begin of what it says, for people. */
  readonly preview: string;
  /** The idempotency key is in what it says, so that the receiver can tell a repeat. */
  readonly carriesKey: boolean;
  /** False where the receiver knew the key and did nothing. */
  readonly acted: boolean;
}

// What a node body is: a function of one value and a context.
import type { CapabilitySet, Clock, LogLevel, Rng } from '@basalt/capabilities';
import type { FlowIR, Value } from '@basalt/ir';

/** Facts about one execution that came with its invocation. */
export interface InvocationMetadata {
  readonly labels: Readonly<Record<string, string>>;
  readonly extensions: Readonly<Record<string, Value>>;
}

export interface NodeLog {
  debug(message: string, fields?: Readonly<Record<string, unknown>>): void;
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

export interface NodeContext {
  readonly runId: string;
  readonly alias: string;
  /** 1 for the first attempt. */
  readonly attempt: number;
  /** Aborted on cancellation, on the deadline and on this node's timeout. */
  readonly signal: AbortSignal;
  readonly metadata: InvocationMetadata;
  /** Only what this node's hints declare; reading another is a coded error. */
  readonly capabilities: CapabilitySet;
  readonly clock: Clock;
  readonly random: Rng;
  readonly log: NodeLog;
  readonly params: Readonly<Record<string, Value>>;
  /** Set on nodes that declare an idempotency key; equal for every attempt and redelivery. */
  readonly idempotencyKey: string | undefined;
  /** Sends a value downstream now. Wait for it where it returns a promise: the way ahead is full. */
  emit(value: Value): void | Promise<void>;
  /** Reads a secret that this node declares. */
  secret(name: string): Promise<string>;
}

/** The result of a handler: one value; nothing (undefined) when it sent its values with `emit` or
 * drops the message; or a stream, each item of which is sent as it comes. */
export type NodeResult = Value | undefined | void | AsyncIterable<Value>;

// The input type is open so that typed handlers of the DSL fit; the executor passes Values only.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type NodeHandler = (input: any, context: NodeContext) => NodeResult | Promise<NodeResult>;

/** A flow that can be executed: its document and a handler for each node identifier (of subflows
 * and compensators too). */
export interface FlowBundle {
  readonly ir: FlowIR;
  readonly handlers: ReadonlyMap<string, NodeHandler>;
}

export type { LogLevel };

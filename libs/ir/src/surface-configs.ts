// The `config` of each control surface, by kind. All carry `v: 1`. Pointers are RFC 6901: empty (the
// whole value) or starting with "/". if, switch, for_each, partition, rate_limit, error_handler and
// window keep the required keys of the 0.1 contract; the other keys and kinds are 0.2.
import { Type, type Static } from 'typebox';
import { defaulted, optional, whole, words } from './schema-builder.js';

const v = Type.Literal(1);
const alias = Type.String({ minLength: 1 });
const pointer = Type.String({ pattern: '^(/.*)?$', description: 'RFC 6901 pointer' });

export const IfConfig = Type.Object({
  v,
  source: alias,
  selector_pointer: pointer,
  then: alias,
  else: alias,
});

export const SwitchConfig = Type.Object({
  v,
  source: alias,
  selector_pointer: pointer,
  cases: Type.Record(Type.String(), alias, { minProperties: 1 }),
  default: optional(alias, 'Taken when no case matches; without it no match fails the source'),
});

/** Sends each item of a list to `body_entry`; with `collect`, gathers what `body_exit` puts out, in
 * item order, into one list that is sent along the edge body_exit -> collect. */
export const ForEachConfig = Type.Object({
  v,
  source: alias,
  items_pointer: pointer,
  body_entry: alias,
  body_exit: optional(alias, 'Last node of the body; required with collect'),
  collect: optional(alias, 'Receives the list of results'),
  concurrency: defaulted(whole(1), 1, 'Items in the body at once'),
  on_error: defaulted(words(['fail', 'skip'], ''), 'fail', 'skip: a failed item gives no result'),
});

/** After `source`: true at the pointer sends to `body_entry` again (the one edge that may close a
 * cycle), false sends to `exit`. */
export const LoopConfig = Type.Object({
  v,
  source: alias,
  selector_pointer: pointer,
  body_entry: alias,
  exit: alias,
  max_iterations: whole(1, 'Bound of passes through the body for one message'),
  on_exhausted: defaulted(words(['fail', 'exit'], ''), 'fail', 'At the bound: fail, or go to exit'),
});

/** Groups the messages that reach `target` (targets[0] when absent) by event time; the target gets
 * {key, start_ms, end_ms, items} for each closed window. */
export const WindowConfig = Type.Object({
  v,
  event_time_pointer: pointer,
  size_ms: whole(1, 'Length of a window; for session windows, the longest'),
  allowed_lateness_ms: whole(0, 'How long after the watermark an item still joins its window'),
  watermark: Type.String({
    minLength: 1,
    description: 'max_event_time: highest event time seen less the allowed lateness',
  }),
  target: optional(alias, 'The node that receives windows'),
  type: defaulted(words(['tumbling', 'sliding', 'session'], ''), 'tumbling', ''),
  slide_ms: optional(whole(1), 'sliding: distance of window starts'),
  gap_ms: optional(whole(1), 'session: silence that ends a session'),
  key_pointer: optional(pointer, 'Windows are kept apart by this value'),
  late: optional(alias, 'Receives items that came too late; there is an edge from target to it'),
});

export const PartitionConfig = Type.Object({
  v,
  edge: Type.Object({ from: alias, to: alias }),
  key: Type.String({ minLength: 1, description: 'Pointer or field name' }),
});

/** Limit of one attempt of each node in `nodes`; with `handler`, a timeout sends {error, input} there. */
export const TimeoutConfig = Type.Object({
  v,
  nodes: Type.Array(alias, { minItems: 1 }),
  timeout_ms: whole(1),
  handler: optional(alias, 'Receives {error, input}; there is an edge from each node to it'),
});

export const RateLimitConfig = Type.Object({
  v,
  target: alias,
  qps: Type.Number({ exclusiveMinimum: 0, description: 'Tokens a second' }),
  burst: whole(1, 'Size of the token bucket'),
});

export const ErrorHandlerConfig = Type.Object({
  v,
  scope: Type.Object({ nodes: Type.Array(alias, { minItems: 1 }) }),
  strategy: words(['retry', 'fail', 'continue'], 'continue: the message is dropped, or handled'),
  max_retries: optional(whole(0), 'retry: attempts after the first'),
  backoff_ms: optional(whole(0), 'retry: wait before the first retry'),
  handler: optional(alias, 'Receives {error, input}; there is an edge from each scoped node to it'),
});

/** Fires `target` once per root message with {alias: value} when every source has put one out. */
export const JoinConfig = Type.Object({
  v,
  target: alias,
  sources: Type.Array(alias, { minItems: 1 }),
  mode: defaulted(
    words(['all', 'available'], ''),
    'all',
    'all: every source is needed. available: fires with what came once nothing more can come',
  ),
  timeout_ms: optional(whole(1), 'Longest wait for the missing sources, in milliseconds'),
});

/** Passes messages of all sources on as they come (arrival), or all of one source before the next. */
export const MergeConfig = Type.Object({
  v,
  target: alias,
  sources: Type.Array(alias, { minItems: 2 }),
  order: defaulted(words(['arrival', 'source'], ''), 'arrival', ''),
});

/** Pairs the n-th message of each source: `target` gets {alias: value}. */
export const ZipConfig = Type.Object({
  v,
  target: alias,
  sources: Type.Array(alias, { minItems: 2 }),
  on_uneven: defaulted(words(['fail', 'drop'], ''), 'fail', 'When one source ends early'),
});

/** Holds each output of `source` at a checkpoint until an event with its correlation key arrives;
 * then `target` gets {event, input}. */
export const AwaitConfig = Type.Object({
  v,
  checkpoint_id: Type.String({ minLength: 1 }),
  correlation_key: Type.String({ minLength: 1, description: 'Pointer or field name' }),
  source: optional(alias, 'targets[0] when absent'),
  target: optional(alias, 'targets[1] when absent'),
  timeout_ms: optional(whole(1), 'Longest wait, in milliseconds'),
  on_timeout: optional(alias, 'Receives {input} after the wait; without it the execution fails'),
  event_schema: optional(Type.Unsafe<unknown>({}), 'JSON Schema that the event must match'),
});

export const SURFACE_CONFIGS = {
  if: IfConfig,
  switch: SwitchConfig,
  for_each: ForEachConfig,
  loop: LoopConfig,
  window: WindowConfig,
  partition: PartitionConfig,
  timeout: TimeoutConfig,
  rate_limit: RateLimitConfig,
  error_handler: ErrorHandlerConfig,
  join: JoinConfig,
  merge: MergeConfig,
  zip: ZipConfig,
  await: AwaitConfig,
} as const;

export type IfConfig = Static<typeof IfConfig>;
export type SwitchConfig = Static<typeof SwitchConfig>;
export type ForEachConfig = Static<typeof ForEachConfig>;
export type LoopConfig = Static<typeof LoopConfig>;
export type WindowConfig = Static<typeof WindowConfig>;
export type PartitionConfig = Static<typeof PartitionConfig>;
export type TimeoutConfig = Static<typeof TimeoutConfig>;
export type RateLimitConfig = Static<typeof RateLimitConfig>;
export type ErrorHandlerConfig = Static<typeof ErrorHandlerConfig>;
export type JoinConfig = Static<typeof JoinConfig>;
export type MergeConfig = Static<typeof MergeConfig>;
export type ZipConfig = Static<typeof ZipConfig>;
export type AwaitConfig = Static<typeof AwaitConfig>;

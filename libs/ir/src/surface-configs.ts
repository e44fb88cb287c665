// The `config` of each control surface, by kind. All carry `v: 1`. Pointers are RFC 6901: empty (the
// whole value) or starting with "/". if, switch, for_each, partition, rate_limit, error_handler and
// window keep the required keys of the 0.1 contract; the other keys and kinds are 0.2. What a surface
// means is said in the description of its schema, which is also its chapter in the reference.
import { Type, type Static } from 'typebox';
import { defaulted, optional, whole, words } from './schema-builder.js';

const v = Type.Literal(1, { description: 'Version of this shape' });
const alias = Type.String({ minLength: 1 });

const aliasOf = (description: string) => Type.String({ minLength: 1, description });
const pointerTo = (description: string) =>
  Type.String({ pattern: '^(/[\\s\\S]*)?$', description: `RFC 6901 pointer: ${description}` });
const source = aliasOf('The node whose output is looked at');

export const IfConfig = Type.Object(
  {
    v,
    source,
    selector_pointer: pointerTo('the boolean in the output of source'),
    then: aliasOf('Gets the output when it is true'),
    else: aliasOf('Gets the output when it is false'),
  },
  { description: 'Sends each output of source to one of two nodes' },
);

export const SwitchConfig = Type.Object(
  {
    v,
    source,
    selector_pointer: pointerTo('the text in the output of source'),
    cases: Type.Record(Type.String(), alias, {
      minProperties: 1,
      description: 'The node for each text',
    }),
    default: optional(alias, 'Taken when no case matches; without it no match fails the source'),
  },
  { description: 'Sends each output of source to one of several nodes' },
);

export const ForEachConfig = Type.Object(
  {
    v,
    source,
    items_pointer: pointerTo('the list in the output of source'),
    body_entry: aliasOf('First node of the body: gets one item at a time'),
    body_exit: optional(alias, '0.2: last node of the body; required with collect'),
    collect: optional(alias, '0.2: receives the list of results'),
    concurrency: defaulted(whole(1), 1, '0.2: items in the body at once'),
    on_error: defaulted(
      words(['fail', 'skip']),
      'fail',
      '0.2: skip means that a failed item gives no result',
    ),
  },
  {
    description:
      'Sends each item of a list to body_entry; with collect, gathers what body_exit puts out, in item order, into one list that is sent along the edge body_exit -> collect',
  },
);

export const LoopConfig = Type.Object(
  {
    v,
    source,
    selector_pointer: pointerTo('the boolean in the output of source'),
    body_entry: aliasOf('Gets the output when it is true'),
    exit: aliasOf('Gets the output when it is false'),
    max_iterations: whole(1, 'Bound of passes through the body for one message'),
    on_exhausted: defaulted(words(['fail', 'exit']), 'fail', 'At the bound: fail, or go to exit'),
  },
  {
    description:
      '0.2: after source, true at the pointer sends to body_entry again (the one edge that may close a cycle), false sends to exit',
  },
);

export const WindowConfig = Type.Object(
  {
    v,
    event_time_pointer: pointerTo('the event time in a message, in milliseconds'),
    size_ms: whole(1, 'Length of a window; for session windows, the longest'),
    allowed_lateness_ms: whole(0, 'How long after the watermark an item still joins its window'),
    watermark: aliasOf('max_event_time: highest event time seen less the allowed lateness'),
    target: optional(alias, '0.2: the node that receives windows; targets[0] when absent'),
    type: defaulted(
      words(['tumbling', 'sliding', 'session']),
      'tumbling',
      '0.2: tumbling is end to end, sliding is overlapping, session ends by silence',
    ),
    slide_ms: optional(whole(1), '0.2: for sliding, the distance of window starts'),
    gap_ms: optional(whole(1), '0.2: for session, the silence that ends one'),
    key_pointer: optional(
      pointerTo('windows are kept apart by this value'),
      '0.2: pointer to the value by which windows are kept apart',
    ),
    late: optional(
      alias,
      '0.2: receives items that came too late; there is an edge from target to it',
    ),
  },
  {
    description:
      'Groups the messages that reach target by event time; the target gets {key, start_ms, end_ms, items} for each closed window',
  },
);

export const PartitionConfig = Type.Object(
  {
    v,
    edge: Type.Object(
      { from: aliasOf('Alias of the sending node'), to: aliasOf('Alias of the receiving node') },
      { description: 'The edge that is partitioned' },
    ),
    key: aliasOf('Pointer or field name'),
  },
  { description: 'Keeps the order of messages with an equal key on one edge' },
);

export const TimeoutConfig = Type.Object(
  {
    v,
    nodes: Type.Array(alias, { minItems: 1, description: 'The nodes that are limited' }),
    timeout_ms: whole(1, 'Limit of one attempt, in milliseconds'),
    handler: optional(alias, 'Receives {error, input}; there is an edge from each node to it'),
  },
  {
    description:
      '0.2: limit of one attempt of each node in nodes; with handler, a timeout sends {error, input} there',
  },
);

export const RateLimitConfig = Type.Object(
  {
    v,
    target: aliasOf('The node whose invocations are limited'),
    qps: Type.Number({ exclusiveMinimum: 0, description: 'Tokens a second' }),
    burst: whole(1, 'Size of the token bucket'),
  },
  { description: 'Delays invocations of target so that a token bucket is kept' },
);

export const ErrorHandlerConfig = Type.Object(
  {
    v,
    scope: Type.Object(
      { nodes: Type.Array(alias, { minItems: 1, description: 'The nodes that are covered' }) },
      { description: 'What is covered' },
    ),
    strategy: words(
      ['retry', 'fail', 'continue'],
      'retry: again, then fail. fail: the execution fails. continue: the message is dropped, or handled',
    ),
    max_retries: optional(whole(0), 'retry: attempts after the first'),
    backoff_ms: optional(whole(0), 'retry: wait before the first retry, in milliseconds'),
    handler: optional(
      alias,
      '0.2: receives {error, input}; there is an edge from each scoped node to it',
    ),
  },
  { description: 'What happens when one of the nodes fails' },
);

export const JoinConfig = Type.Object(
  {
    v,
    target: aliasOf('The node that gets the joined message'),
    sources: Type.Array(alias, { minItems: 1, description: 'The nodes that are waited for' }),
    mode: defaulted(
      words(['all', 'available']),
      'all',
      'all: every source is needed. available: fires with what came once nothing more can come',
    ),
    timeout_ms: optional(whole(1), 'Longest wait for the missing sources, in milliseconds'),
  },
  {
    description:
      '0.2: fires target once per root message with {alias: value} when every source has put one out',
  },
);

export const MergeConfig = Type.Object(
  {
    v,
    target: aliasOf('The node that gets the messages'),
    sources: Type.Array(alias, { minItems: 2, description: 'The nodes whose outputs are merged' }),
    order: defaulted(
      words(['arrival', 'source']),
      'arrival',
      'arrival: as they come. source: all of one source before the next, in the order of sources',
    ),
  },
  { description: '0.2: passes messages of all sources on, one by one' },
);

export const ZipConfig = Type.Object(
  {
    v,
    target: aliasOf('The node that gets the pairs'),
    sources: Type.Array(alias, { minItems: 2, description: 'The nodes whose outputs are paired' }),
    on_uneven: defaulted(words(['fail', 'drop']), 'fail', 'When one source ends early'),
  },
  { description: '0.2: pairs the n-th message of each source: target gets {alias: value}' },
);

export const AwaitConfig = Type.Object(
  {
    v,
    checkpoint_id: aliasOf('Id of the checkpoint at which the execution waits'),
    correlation_key: aliasOf('Pointer or field name'),
    source: optional(alias, 'The node whose outputs are held; targets[0] when absent'),
    target: optional(alias, 'The node that goes on; targets[1] when absent'),
    timeout_ms: optional(whole(1), 'Longest wait, in milliseconds'),
    on_timeout: optional(alias, 'Receives {input} after the wait; without it the execution fails'),
    event_schema: optional(Type.Unsafe<unknown>({}), 'JSON Schema that the event must match'),
  },
  {
    description:
      '0.2: holds each output of source at a checkpoint until an event with its correlation key arrives; then target gets {event, input}',
  },
);

/** The schema of `config`, by the kind of the surface. */
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

// Flow IR: the one document that every front end writes and every host runs. This file is the single
// source of the TypeScript types, of schemas/flow_ir.schema.json and of the reference page.
//
// The 0.1 contract (same keys, casing and enums) is kept; everything marked "0.2" is optional, so a
// 0.1 document loads unchanged. Key casing is mixed in 0.1 and kept: `determinismHints`,
// `effectHints` and `ttlMs` are camelCase, all else is snake_case.
import { Type, type Static } from 'typebox';
import { defaulted, described, optional, whole, words } from './schema-builder.js';
import { STRICT_SEMVER } from './semver.js';

export const PROFILES = ['web', 'queue', 'temporal', 'wasm', 'metal', 'dev'] as const;
export const NODE_KINDS = ['trigger', 'inline', 'activity', 'subflow'] as const;
/** Rank 0 upward: a declared effect must rank at least as high as every hint demands. */
export const EFFECTS = ['pure', 'read_only', 'effectful'] as const;
/** Rank 0 upward: a declared determinism must rank at least as high as every hint demands. */
export const DETERMINISM = ['strict', 'stable', 'best_effort', 'nondeterministic'] as const;
export const DELIVERIES = ['at_least_once', 'at_most_once', 'exactly_once'] as const;
export const ORDERINGS = ['ordered', 'unordered'] as const;
export const IDEMPOTENCY_SCOPES = ['node', 'edge', 'partition'] as const;
export const SURFACE_KINDS = [
  'switch',
  'if',
  'loop',
  'for_each',
  'window',
  'partition',
  'timeout',
  'rate_limit',
  'error_handler',
  'join',
  'merge',
  'zip',
  'await',
] as const;
export const RETRY_OWNERS = ['orchestrator', 'connector', 'none'] as const;
export const CACHE_TIERS = ['memory', 'disk', 'redis'] as const;
export const ON_DROP = ['block', 'drop_oldest', 'drop_newest', 'fail'] as const;
export const TRIGGER_KINDS = ['manual', 'http', 'cron', 'queue', 'event'] as const;
export const RESPOND_MODES = ['value', 'stream', 'accepted'] as const;
export const DATA_CLASSES = ['public', 'internal', 'confidential', 'personal'] as const;

const text = Type.String();
const alias = Type.String({ minLength: 1 });
const JsonSchema = Type.Unsafe<JsonSchema>({ type: ['object', 'boolean'] });

/** A JSON Schema document (draft 2020-12), kept as plain JSON. */
export type JsonSchema = boolean | { readonly [keyword: string]: unknown };

export const SchemaRef = Type.Unsafe<SchemaRef>(
  Type.Union(
    [
      Type.Object({ kind: Type.Literal('opaque') }),
      Type.Object({
        kind: Type.Literal('named'),
        name: Type.String({ description: 'Key in `schemas`' }),
      }),
    ],
    {
      description:
        'opaque: anything. named: the schema of that name in `schemas`; where it is not defined there, names are compared.',
    },
  ),
);
export type SchemaRef =
  { readonly kind: 'opaque' } | { readonly kind: 'named'; readonly name: string };

export const IdempotencySpec = Type.Object(
  {
    key: optional(
      text,
      'RFC 6901 pointer into the input when it starts with "/", "" for the whole input, else a field name',
    ),
    scope: optional(words(IDEMPOTENCY_SCOPES), 'What the key is unique within'),
    ttlMs: optional(whole(0), 'How long a key is remembered, in milliseconds'),
    fields: optional(Type.Array(text), '0.2: further pointers that make up the key'),
  },
  { description: 'What makes two invocations of a node the same one' },
);

export const RetryPolicy = Type.Object(
  {
    max_attempts: whole(1, 'Attempts in all, the first included'),
    backoff_ms: defaulted(whole(0), 100, 'Wait before the second attempt, in milliseconds'),
    multiplier: defaulted(Type.Number({ minimum: 1 }), 2, 'Growth of the wait per attempt'),
    max_backoff_ms: defaulted(whole(0), 30_000, 'Longest wait, in milliseconds'),
    jitter: defaulted(words(['none', 'full']), 'full', 'full: uniform in [0, wait]'),
    owner: defaulted(words(RETRY_OWNERS), 'orchestrator', 'Who retries; only one may'),
  },
  { description: '0.2: retries of one node' },
);

export const CacheSpec = Type.Object(
  {
    key: optional(text, 'Pointer into the input; the whole input when absent'),
    tier: defaulted(words(CACHE_TIERS), 'memory', 'Where results are kept'),
    ttl_ms: optional(whole(1), 'How long a result is valid, in milliseconds'),
    invalidate_on: optional(Type.Array(text), 'Resource hints whose write drops the entry'),
    pin: optional(text, 'Version that pins a stable (not strict) result'),
  },
  { description: '0.2: reuse of a result for an equal input' },
);

export const TriggerSpec = Type.Object(
  {
    kind: defaulted(words(TRIGGER_KINDS), 'manual', 'What starts an execution'),
    method: optional(text, 'HTTP method, upper case; POST when absent'),
    route: optional(text, 'HTTP path, starting with "/"'),
    schedule: optional(text, 'Cron expression of five fields, UTC'),
    queue: optional(text, 'Queue name'),
    event: optional(text, 'Event name'),
    respond: optional(words(RESPOND_MODES), 'How an HTTP caller is answered; value when absent'),
    capture: optional(alias, 'The node whose output answers; the only leaf when absent'),
    deadline_ms: optional(whole(1), 'Deadline of an execution, in milliseconds'),
    max_payload_bytes: optional(whole(1), 'Largest accepted payload, in bytes of canonical CBOR'),
  },
  { description: '0.2: what starts an execution, and how its caller is answered' },
);

export const CompensationSpec = Type.Object(
  {
    identifier: Type.String({ minLength: 1, description: 'Handler key of the compensator' }),
    timeout_ms: optional(whole(1), 'Limit of one compensation, in milliseconds'),
    summary: optional(text, 'What it undoes'),
  },
  { description: '0.2: undoes a completed node when the execution fails; run in reverse order' },
);

export const SourceSpan = Type.Object(
  {
    file: Type.String({ description: 'Path relative to the project' }),
    line: whole(1, 'Line, from 1'),
    column: whole(1, 'Column, from 1'),
  },
  { description: '0.2: where the node was written; line and column count from 1' },
);

export const ConcurrencySpec = Type.Object(
  {
    max: whole(1, 'Invocations of this node that may run at once'),
    batch: optional(whole(1), 'Messages handed over as one list'),
    batch_wait_ms: optional(whole(0), 'Longest wait for a full batch, in milliseconds'),
  },
  { description: '0.2: parallel and batched invocation' },
);

export const Credential = Type.Object(
  {
    name: Type.String({ description: 'Name under which it is bound' }),
    scopes: defaulted(Type.Array(text), [], 'Scopes that this node uses'),
  },
  { description: '0.2: a credential that must be bound' },
);

export const NodeIR = Type.Object(
  {
    id: Type.String({ description: 'The id of the flow, "::" and the alias' }),
    alias: Type.String({ minLength: 1, description: 'Name of the node in this flow; unique' }),
    identifier: Type.String({ description: 'Handler key' }),
    name: Type.String({ description: 'Name for people' }),
    kind: words(
      NODE_KINDS,
      'trigger: starts executions. inline: may run in the scheduler itself. activity: runs on its own, may be retried. subflow: runs another flow',
    ),
    summary: optional(text, 'What the node does, for people'),
    in_schema: described(SchemaRef, 'What the node accepts'),
    out_schema: described(SchemaRef, 'What the node puts out'),
    effects: words(EFFECTS, 'What the node does to the outside world; ranks upward'),
    determinism: words(DETERMINISM, 'How far equal inputs give equal outputs; ranks upward'),
    idempotency: defaulted(IdempotencySpec, {}, 'What makes two invocations the same one'),
    determinismHints: defaulted(Type.Array(text), [], 'Resource hints such as resource::clock'),
    effectHints: defaulted(Type.Array(text), [], 'Resource hints such as resource::http::write'),
    trigger: optional(TriggerSpec, '0.2: only on kind trigger'),
    subflow: optional(text, '0.2: key in `subflows`; only on kind subflow'),
    timeout_ms: optional(whole(1), '0.2: limit of one attempt, in milliseconds'),
    retry: optional(RetryPolicy, '0.2: retries of this node'),
    cache: optional(CacheSpec, '0.2: reuse of results'),
    compensation: optional(CompensationSpec, '0.2: what undoes this node'),
    concurrency: optional(ConcurrencySpec, '0.2: parallel and batched invocation'),
    checkpoint: optional(text, '0.2: id of a checkpoint taken after this node'),
    params: optional(Type.Record(text, Type.Unknown()), '0.2: fixed parameters of this node'),
    params_schema: optional(JsonSchema, '0.2: what `params` must match'),
    secrets: optional(Type.Array(text), '0.2: names of secrets that this node may read'),
    credentials: optional(
      Type.Array(Credential),
      '0.2: credentials that must be bound, with the scopes that this node uses',
    ),
    egress: optional(
      Type.Array(text),
      '0.2: hosts that this node may call; "*.example.com" allowed',
    ),
    data_class: optional(words(DATA_CLASSES), '0.2: most sensitive class of data handled'),
    max_output_bytes: optional(whole(1), '0.2: bound of one output, in bytes of canonical CBOR'),
    code_hash: optional(text, '0.2: BLAKE3-256 of the handler source, lower-case hex'),
    source: optional(SourceSpan, '0.2: where the node was written'),
  },
  { description: 'One step of a flow: one input, one output' },
);

export const BufferPolicy = Type.Object(
  {
    max_items: optional(whole(0), 'Capacity in messages; 32 when absent'),
    spill_threshold_bytes: optional(whole(0), 'Messages at least this large go to the blob store'),
    spill_tier: optional(text, 'Name of the blob binding that holds spilled messages'),
    on_drop: optional(text, 'When full: block (default), drop_oldest, drop_newest, fail'),
  },
  { description: 'The queue of an edge' },
);

export const EdgeIR = Type.Object(
  {
    from: described(alias, 'Alias of the sending node'),
    to: described(alias, 'Alias of the receiving node'),
    delivery: words(DELIVERIES, 'What is promised when a host fails between two nodes'),
    ordering: words(ORDERINGS, 'ordered: messages of one partition arrive in the order of sending'),
    buffer: described(BufferPolicy, 'The queue of this edge'),
    partition_key: optional(text, 'Pointer or field name; equal values keep their order'),
    timeout_ms: optional(whole(0), 'Longest stay of a message on this edge, in milliseconds'),
  },
  { description: 'A queue from one node to another' },
);

export const ControlSurfaceIR = Type.Object(
  {
    id: Type.String({ description: 'Unique in the flow, such as if:route:0' }),
    kind: words(SURFACE_KINDS, 'Which control structure'),
    targets: Type.Array(text, { description: 'Aliases of all nodes that take part' }),
    config: optional(Type.Unknown(), 'Shape by kind: see the surface pages; every shape has v: 1'),
  },
  { description: 'A control structure over nodes and edges' },
);

export const CheckpointIR = Type.Object(
  {
    id: Type.String({ description: 'Unique in the flow' }),
    summary: optional(text, 'What is true once it is passed, for people'),
  },
  { description: 'A place at which an execution can be resumed' },
);

export const LintPolicies = Type.Object(
  {
    require_control_hints: defaulted(
      Type.Boolean(),
      false,
      'Warn where control hints are recommended but absent',
    ),
    allow_multiple_triggers: optional(
      Type.Boolean(),
      'Allow more than one trigger; false when absent',
    ),
  },
  { description: 'What the linter demands' },
);

export const FlowPolicies = Type.Object(
  { lint: defaulted(LintPolicies, { require_control_hints: false }, 'What the linter demands') },
  { description: 'What checks demand of a flow' },
);

export const ArtifactRef = Type.Object(
  {
    kind: Type.String({ description: 'What it is, such as diagram or fixture' }),
    path: Type.String({ description: 'Path relative to the document' }),
    format: optional(text, 'Media type or file format'),
  },
  { description: 'A file that belongs to the flow' },
);

export const FlowMetadata = Type.Object(
  { tags: defaulted(Type.Array(text), [], 'Free words to find the flow by') },
  { description: 'For people and catalogues; without effect on a run' },
);

export const FlowParam = Type.Object(
  {
    schema: described(JsonSchema, 'What the parameter must match'),
    default: Type.Optional(Type.Unknown({ description: 'Taken where none is given' })),
  },
  { description: '0.2: a parameter of the whole flow' },
);

const flowFields = {
  id: Type.String({ description: 'Version 5 UUID of name:version in the flow namespace' }),
  name: Type.String({ description: 'Name of the flow, the same in every version' }),
  version: Type.String({
    pattern: STRICT_SEMVER.source,
    maxLength: 256,
    description: 'Strict semantic version: three numbers, no leading zeros',
  }),
  profile: defaulted(words(PROFILES), 'dev', 'Where the flow is meant to run'),
  summary: optional(text, 'What the flow is for, for people'),
  nodes: defaulted(Type.Array(NodeIR), [], 'The steps'),
  edges: defaulted(Type.Array(EdgeIR), [], 'What flows where'),
  control_surfaces: defaulted(
    Type.Array(ControlSurfaceIR),
    [],
    'Routing, loops, windows, joins and limits',
  ),
  checkpoints: defaulted(Type.Array(CheckpointIR), [], 'Places at which an execution can resume'),
  policies: defaulted(
    FlowPolicies,
    { lint: { require_control_hints: false } },
    'What checks demand of this flow',
  ),
  metadata: defaulted(FlowMetadata, { tags: [] }, 'For people and catalogues'),
  artifacts: defaulted(Type.Array(ArtifactRef), [], 'Files that belong to the flow'),
  schemas: optional(Type.Record(text, JsonSchema), '0.2: the named schemas'),
  params: optional(Type.Record(text, FlowParam), '0.2: parameters of the whole flow'),
  deadline_ms: optional(whole(1), '0.2: deadline of an execution, in milliseconds'),
};

// Without `subflows`, whose type would refer to itself.
const flatFlow = Type.Object(flowFields);

/** The flow document. `subflows` holds whole flows, by the key that subflow nodes name. */
export const FlowIRSchema = Type.Object({
  ...flatFlow.properties,
  subflows: optional(
    Type.Unsafe<Readonly<Record<string, FlowIR>>>({
      type: 'object',
      additionalProperties: { $ref: '#' },
    }),
    '0.2: flows that subflow nodes run',
  ),
});

type DeepReadonly<T> = T extends (infer U)[]
  ? readonly DeepReadonly<U>[]
  : T extends object
    ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
    : T;

export type Profile = (typeof PROFILES)[number];
export type NodeKind = (typeof NODE_KINDS)[number];
export type Effects = (typeof EFFECTS)[number];
export type Determinism = (typeof DETERMINISM)[number];
export type Delivery = (typeof DELIVERIES)[number];
export type Ordering = (typeof ORDERINGS)[number];
export type SurfaceKind = (typeof SURFACE_KINDS)[number];
export type IdempotencySpec = DeepReadonly<Static<typeof IdempotencySpec>>;
export type RetryPolicy = DeepReadonly<Static<typeof RetryPolicy>>;
export type CacheSpec = DeepReadonly<Static<typeof CacheSpec>>;
export type TriggerSpec = DeepReadonly<Static<typeof TriggerSpec>>;
export type CompensationSpec = DeepReadonly<Static<typeof CompensationSpec>>;
export type ConcurrencySpec = DeepReadonly<Static<typeof ConcurrencySpec>>;
export type SourceSpan = DeepReadonly<Static<typeof SourceSpan>>;
export type NodeIR = DeepReadonly<Static<typeof NodeIR>>;
export type BufferPolicy = DeepReadonly<Static<typeof BufferPolicy>>;
export type EdgeIR = DeepReadonly<Static<typeof EdgeIR>>;
export type ControlSurfaceIR = DeepReadonly<Static<typeof ControlSurfaceIR>>;
export type CheckpointIR = DeepReadonly<Static<typeof CheckpointIR>>;
export type FlowPolicies = DeepReadonly<Static<typeof FlowPolicies>>;
export type ArtifactRef = DeepReadonly<Static<typeof ArtifactRef>>;
/** A loaded flow: defaults filled in, nulls dropped. */
export type FlowIR = DeepReadonly<Static<typeof flatFlow>> & {
  readonly subflows?: Readonly<Record<string, FlowIR>>;
};

// What an author may say about a node. Everything but the schemas and the function has a default that
// follows from `uses`.
import type {
  CapabilitySet,
  HttpClient,
  BlobStore,
  CacheStore,
  DedupeStore,
  FileSystem,
  KeyValueStore,
  QueueStore,
} from '@basalt/capabilities';
import type { NodeContext } from '@basalt/executor';
import type {
  CACHE_TIERS,
  DATA_CLASSES,
  Determinism,
  Effects,
  IDEMPOTENCY_SCOPES,
  RESPOND_MODES,
  RETRY_OWNERS,
} from '@basalt/ir';
import type { Static, TSchema } from 'typebox';
import type { SelectorOf } from './pointer.js';

/** The capability that a hint grants. */
export interface CapabilityOfHint {
  readonly 'resource::http::read': { readonly httpRead: HttpClient };
  readonly 'resource::http::write': { readonly httpWrite: HttpClient };
  readonly 'resource::kv::read': { readonly kv: KeyValueStore };
  readonly 'resource::kv::write': { readonly kv: KeyValueStore };
  readonly 'resource::blob::read': { readonly blob: BlobStore };
  readonly 'resource::blob::write': { readonly blob: BlobStore };
  readonly 'resource::queue::consume': { readonly queue: QueueStore };
  readonly 'resource::queue::publish': { readonly queue: QueueStore };
  readonly 'resource::dedupe::write': { readonly dedupe: DedupeStore };
  readonly 'resource::cache::read': { readonly cache: CacheStore };
  readonly 'resource::cache::write': { readonly cache: CacheStore };
  readonly 'resource::fs::read': { readonly fs: FileSystem };
  readonly 'resource::fs::write': { readonly fs: FileSystem };
}

/** A resource that a node uses. The intersection keeps the known ones in completions. */
export type Hint =
  | keyof CapabilityOfHint
  | 'resource::clock'
  | 'resource::rng'
  | 'resource::db::read'
  | 'resource::db::write'
  | (`resource::${string}` & Record<never, never>);

type UnionToIntersection<U> = (U extends unknown ? (value: U) => void : never) extends (
  value: infer I,
) => void
  ? I
  : never;

/** The capabilities that a list of hints grants: these are there, no others. */
export type Granted<Uses extends readonly Hint[]> = [
  Uses[number] & keyof CapabilityOfHint,
] extends [never]
  ? Pick<CapabilitySet, never>
  : UnionToIntersection<CapabilityOfHint[Uses[number] & keyof CapabilityOfHint]>;

/** The context of a handler: the executor's, with the types of this node. */
export interface HandlerContext<
  Out,
  Params,
  Uses extends readonly Hint[],
  Secret extends string,
> extends Omit<NodeContext, 'capabilities' | 'params' | 'emit' | 'secret'> {
  /** What `uses` grants. */
  readonly capabilities: Granted<Uses>;
  /** The parameters of the node, and those of the flow. */
  readonly params: Readonly<Params>;
  /** Sends a value downstream now. Wait for it where it returns a promise: the way ahead is full. */
  emit(value: Out): void | Promise<void>;
  /** Reads a secret that this node declares. */
  secret(name: Secret): Promise<string>;
}

/** What a handler gives: one value; undefined when it emitted its values or drops the message; or a
 * stream of values. */
export type HandlerResult<Out> = Out | undefined | AsyncIterable<Out>;

/** A function of one message. */
export type Handler<In, Out, Context> = (
  input: In,
  context: Context,
) => HandlerResult<Out> | Promise<HandlerResult<Out>>;

export interface IdempotencyOptions<Key extends string = string> {
  /** Pointer into the input, or a field name; "" for the whole input. */
  readonly key?: Key;
  readonly scope?: (typeof IDEMPOTENCY_SCOPES)[number];
  /** How long a key is remembered, in milliseconds. */
  readonly ttlMs?: number;
  /** Further pointers that make up the key. */
  readonly fields?: readonly Key[];
}

export interface RetryOptions {
  /** Attempts in all, the first included. */
  readonly maxAttempts: number;
  /** Wait before the second attempt, in milliseconds; 100 when absent. */
  readonly backoffMs?: number;
  /** Growth of the wait per attempt; 2 when absent. */
  readonly multiplier?: number;
  /** Longest wait, in milliseconds; 30,000 when absent. */
  readonly maxBackoffMs?: number;
  /** full (the default): uniform in [0, wait]. */
  readonly jitter?: 'none' | 'full';
  /** Who retries; orchestrator when absent. */
  readonly owner?: (typeof RETRY_OWNERS)[number];
}

export interface CacheOptions<Key extends string = string> {
  /** Pointer into the input; the whole input when absent. */
  readonly key?: Key;
  /** memory when absent. */
  readonly tier?: (typeof CACHE_TIERS)[number];
  /** How long a result is valid, in milliseconds. */
  readonly ttlMs?: number;
  /** Resource hints whose write drops the entry. */
  readonly invalidateOn?: readonly Hint[];
  /** Version that pins a stable (not strict) result. */
  readonly pin?: string;
}

export interface ConcurrencyOptions {
  /** Invocations of the node that may run at once. */
  readonly max: number;
  /** Messages handed over as one list. */
  readonly batch?: number;
  /** Longest wait for a full batch, in milliseconds. */
  readonly batchWaitMs?: number;
}

/** Undoes a completed node when the execution fails. */
export interface CompensateOptions<In, Out, Context> {
  /** Gets the input and the output of the completed invocation. */
  readonly run: (
    completed: { readonly input: In; readonly output: Out },
    context: Context,
  ) => unknown;
  /** Limit of one compensation, in milliseconds. */
  readonly timeoutMs?: number;
  /** What it undoes. */
  readonly summary?: string;
}

/** Fixed parameters of a node, with their schema. */
export interface ParamsOptions<P extends TSchema> {
  readonly schema: P;
  readonly value: Static<P>;
}

/** Settings that every kind of node has. */
export interface CommonOptions<Key extends string = string> {
  /** The name that people read; the alias when absent. */
  readonly name?: string;
  readonly summary?: string;
  readonly effects?: Effects;
  readonly determinism?: Determinism;
  readonly idempotency?: IdempotencyOptions<Key>;
  /** Limit of one attempt, in milliseconds. */
  readonly timeoutMs?: number;
  readonly retry?: RetryOptions;
  readonly cache?: CacheOptions<Key>;
  /** Checkpoint taken after this node. */
  readonly checkpoint?: string | { readonly id: string; readonly summary?: string };
  /** Credentials that must be bound: a name, or a name with the scopes that this node uses. */
  readonly credentials?: readonly (
    string | { readonly name: string; readonly scopes?: readonly string[] }
  )[];
  /** Hosts that this node may call; "*.example.com" is allowed. */
  readonly egress?: readonly string[];
  /** Most sensitive class of data handled. */
  readonly dataClass?: (typeof DATA_CLASSES)[number];
  /** Bound of one output, in bytes of canonical CBOR. */
  readonly maxOutputBytes?: number;
}

/** What an HTTP route, a schedule, a queue or an event may be given as; at most one of them. */
export interface TriggerStart {
  readonly http?: { readonly method?: string; readonly route: string };
  /** Cron expression of five fields, UTC. */
  readonly cron?: string;
  /** Queue name. */
  readonly queue?: string;
  /** Event name. */
  readonly event?: string;
  /** How an HTTP caller is answered; value when absent. */
  readonly respond?: (typeof RESPOND_MODES)[number];
  /** Deadline of an execution, in milliseconds. */
  readonly deadlineMs?: number;
  /** Largest accepted payload, in bytes of canonical CBOR. */
  readonly maxPayloadBytes?: number;
}

/** The parameters of a flow: a schema each, and a default. */
export type FlowParams = Readonly<
  Record<string, { readonly schema: TSchema; readonly default?: unknown }>
>;

/** No parameters. */
export type NoParams = Record<never, never>;

type ParamValues<P extends TSchema, F extends FlowParams> = {
  readonly [K in keyof F]: Static<F[K]['schema']>;
} & (keyof P extends never ? unknown : Static<P>);

/** What the handler of a node receives: lists where it is batched. */
export type Received<In, C extends ConcurrencyOptions> = C extends { readonly batch: number }
  ? readonly In[]
  : In;

interface TypedOptions<
  I extends TSchema,
  O extends TSchema,
  U extends readonly Hint[],
  P extends TSchema,
  S extends string,
> extends CommonOptions<SelectorOf<Static<I>>> {
  /** What the node takes; anything when absent. */
  readonly input?: I;
  /** What the node puts out; anything when absent. */
  readonly output?: O;
  /** The resources that the node uses; it is given these and no others. */
  readonly uses?: U;
  /** Names of secrets that the node may read. */
  readonly secrets?: readonly S[];
  readonly params?: ParamsOptions<P>;
}

/** Options of an inline node or an activity. */
export interface NodeOptions<
  I extends TSchema,
  O extends TSchema,
  U extends readonly Hint[],
  P extends TSchema,
  S extends string,
  C extends ConcurrencyOptions,
  F extends FlowParams,
> extends TypedOptions<I, O, U, P, S> {
  readonly concurrency?: C;
  readonly compensate?: CompensateOptions<
    Static<I>,
    Static<O>,
    HandlerContext<Static<O>, ParamValues<P, F>, U, S>
  >;
  /** The function of the node. */
  readonly run: Handler<
    Received<Static<I>, C>,
    Static<O>,
    HandlerContext<Static<O>, ParamValues<P, F>, U, S>
  >;
}

/** Options of a trigger. */
export interface TriggerOptions<
  I extends TSchema,
  O extends TSchema,
  U extends readonly Hint[],
  P extends TSchema,
  S extends string,
  F extends FlowParams,
>
  extends TypedOptions<I, O, U, P, S>, TriggerStart {
  /** Makes the first message out of the payload. */
  readonly run?: Handler<Static<I>, Static<O>, HandlerContext<Static<O>, ParamValues<P, F>, U, S>>;
}

/** Options of a subflow node. */
export interface SubflowOptions<In> extends CommonOptions<SelectorOf<In>> {
  readonly concurrency?: Omit<ConcurrencyOptions, 'batch' | 'batchWaitMs'>;
}

// The interfaces that a node may be given at the host boundary. Bytes in, bytes out; a provider may
// be in-process, on disk or remote. Every method that may wait takes an AbortSignal where the wait
// can be long, and rejects with a DiagnosticError that says what to do.

/** Time. In deterministic mode this is a virtual clock; nodes must not use any other. */
export interface Clock {
  /** Milliseconds since the Unix epoch; may have a fraction. */
  now(): number;
  /** Resolves after `ms` milliseconds; rejects with the signal's reason when it is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Randomness; seeded in deterministic mode. */
export interface Rng {
  /** A float64 in [0, 1). */
  next(): number;
  /** An integer in [0, bound); bound is a positive safe integer. */
  int(bound: number): number;
  bytes(length: number): Uint8Array;
  uuid(): string;
}

export interface KeyValueStore {
  get(key: string): Promise<Uint8Array | undefined>;
  put(key: string, value: Uint8Array, options?: { readonly ttlMs?: number }): Promise<void>;
  /** True when the key was there. */
  delete(key: string): Promise<boolean>;
}

export interface BlobStore {
  get(key: string): Promise<Uint8Array | undefined>;
  put(key: string, value: Uint8Array): Promise<void>;
  delete(key: string): Promise<boolean>;
}

export interface QueueStore {
  enqueue(queue: string, message: Uint8Array): Promise<void>;
  /** The oldest message, removed; undefined when the queue is empty. */
  dequeue(queue: string): Promise<Uint8Array | undefined>;
  size(queue: string): Promise<number>;
}

export interface DedupeStore {
  /** True when the key was not there and is now remembered for `ttlMs`. Atomic. */
  putIfAbsent(key: string, ttlMs: number): Promise<boolean>;
  forget(key: string): Promise<void>;
}

export interface CacheStore {
  get(key: string): Promise<Uint8Array | undefined>;
  set(key: string, value: Uint8Array, options?: { readonly ttlMs?: number }): Promise<void>;
  remove(key: string): Promise<void>;
}

export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  readonly timeoutMs?: number;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface HttpClient {
  /** A read client refuses methods other than GET, HEAD and OPTIONS. */
  send(request: HttpRequest, signal?: AbortSignal): Promise<HttpResponse>;
}

export interface SecretStore {
  get(name: string): Promise<string | undefined>;
}

/** Files below the roots that the binding grants. */
export interface FileSystem {
  read(path: string): Promise<Uint8Array>;
  write(path: string, data: Uint8Array): Promise<void>;
  list(path: string): Promise<readonly string[]>;
  remove(path: string): Promise<void>;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export interface Log {
  write(level: LogLevel, message: string, fields?: Readonly<Record<string, unknown>>): void;
}

/** Everything that bindings can provide, by name. A host fills in what is bound; a node is given only
 * what its hints declare. */
export interface CapabilitySet {
  readonly kv?: KeyValueStore;
  readonly blob?: BlobStore;
  readonly queue?: QueueStore;
  readonly dedupe?: DedupeStore;
  /** What nodes use themselves. */
  readonly cache?: CacheStore;
  /** Where results of nodes with the cache tier disk are kept; no node is given it. */
  readonly cacheDisk?: CacheStore;
  /** Where results of nodes with the cache tier redis are kept; no node is given it. */
  readonly cacheRedis?: CacheStore;
  readonly httpRead?: HttpClient;
  readonly httpWrite?: HttpClient;
  readonly clock?: Clock;
  readonly rng?: Rng;
  readonly secrets?: SecretStore;
  readonly fs?: FileSystem;
  readonly log?: Log;
}

export type CapabilityName = keyof CapabilitySet;

// Reuses the result of a node for an equal input. A key is the BLAKE3-256 of the canonical CBOR of
// what the result depends on: the handler, its code, the version that pins it, and the part of the
// input that the node names. Whoever asks while the result is being computed waits for it.
//
// A cache is never the reason why a node fails: where a store does, the node is executed, and the
// fault is reported.
import type { CacheStore, CapabilitySet, Clock, Rng } from '@basalt/capabilities';
import { diagnostic, DiagnosticError, type Diagnostic } from '@basalt/diagnostics';
import { decodeCanonical, encodeCanonical, hashBytes, hashValue } from '@basalt/ir';
import type { CacheSpec, Value } from '@basalt/ir';
import { ExpiringLru } from './expiring-lru.js';

const DEFAULT_MAX_ENTRIES = 10_000;

export type StoredTier = Exclude<CacheSpec['tier'], 'memory'>;

export interface ResultCacheOptions {
  readonly clock: Pick<Clock, 'now'>;
  /** Makes the marks of invalidations in stores that several processes share. */
  readonly rng: Pick<Rng, 'uuid'>;
  /** Results that the memory tier holds; 10,000 when absent. */
  readonly maxEntries?: number;
  readonly stores?: Readonly<Partial<Record<StoredTier, CacheStore>>>;
  /** Told about a store that failed or gave damaged bytes, unless the caller listens for itself. */
  readonly onFault?: FaultListener;
}

export type FaultListener = (fault: Diagnostic) => void;

/** The store of each tier that a host has bound. */
export function cacheStoresOf(
  bound: CapabilitySet = {},
): NonNullable<ResultCacheOptions['stores']> {
  const { cacheDisk: disk, cacheRedis: redis } = bound;
  return { ...(disk === undefined ? {} : { disk }), ...(redis === undefined ? {} : { redis }) };
}

/** What is cached: the result of this handler, in this version. */
export interface CachedNode {
  readonly identifier: string;
  readonly codeHash: string | undefined;
  readonly spec: CacheSpec;
}

export interface CachedResult {
  /** Undefined where the node put nothing out; that is not kept. */
  readonly value: Value | undefined;
  /** True where the node was not executed for this input. */
  readonly hit: boolean;
}

type Outcome = { readonly value: Value } | undefined;

export class ResultCache {
  readonly #options: ResultCacheOptions;
  readonly #memory: ExpiringLru<Value>;
  /** Computations under way; undefined where one failed or gave nothing. */
  readonly #running = new Map<string, Promise<Outcome>>();
  /** Counts the writes to each resource, for the memory tier. */
  readonly #writes = new Map<string, number>();

  constructor(options: ResultCacheOptions) {
    const { clock, maxEntries = DEFAULT_MAX_ENTRIES } = options;
    this.#options = options;
    this.#memory = new ExpiringLru(maxEntries, () => clock.now());
  }

  /** The tiers that can be used, memory apart. */
  get tiers(): readonly StoredTier[] {
    return Object.keys(this.#options.stores ?? {}) as StoredTier[];
  }

  /** The result for `keyValue`, from the cache or from `compute`, which is called at most once at a
   * time for equal keys. What `compute` throws is thrown; whoever waited for it computes for itself.
   * @param onFault is told about faults on the way, in place of the listener of the cache.
   * @throws DiagnosticError RUN350 when no store is bound for the tier. */
  async through(
    node: CachedNode,
    keyValue: Value,
    compute: () => Promise<Value | undefined>,
    onFault = this.#options.onFault,
  ): Promise<CachedResult> {
    const { spec } = node;
    const base = keyOf(node, keyValue);
    const marked = spec.invalidate_on?.length ? await this.#marks(spec, onFault) : undefined;
    const key = marked === undefined ? base : hashValue([base, marked]);
    const slot = `${spec.tier}/${key}`;
    for (let running = this.#running.get(slot); running; running = this.#running.get(slot)) {
      const outcome = await running;
      if (outcome !== undefined) return { ...outcome, hit: true };
    }
    const result = this.#find(spec, key, compute, onFault);
    const outcome = result.then(
      ({ value }) => (value === undefined ? undefined : { value }),
      () => undefined,
    );
    this.#running.set(slot, outcome);
    try {
      return await result;
    } finally {
      this.#running.delete(slot);
    }
  }

  /** A node has written to this resource (`resource::<domain>[::op]`): what was cached with a hint of
   * the same domain in `invalidate_on` is not used any more, in every process that shares a store. */
  async invalidate(hint: string, onFault = this.#options.onFault): Promise<void> {
    const domain = domainOf(hint);
    this.#writes.set(domain, (this.#writes.get(domain) ?? 0) + 1);
    for (const tier of this.tiers) {
      const mark = encodeCanonical(this.#options.rng.uuid());
      await this.#ask(tier, 'mark', (store) => store.set(markKey(domain), mark), onFault);
    }
  }

  async #find(
    spec: CacheSpec,
    key: string,
    compute: () => Promise<Value | undefined>,
    onFault: FaultListener | undefined,
  ): Promise<CachedResult> {
    const { tier } = spec;
    const kept = tier === 'memory' ? this.#memory.get(key) : await this.#read(tier, key, onFault);
    if (kept !== undefined) return { value: kept, hit: true };
    const value = await compute();
    if (value !== undefined) await this.#keep(spec, key, value, onFault);
    return { value, hit: false };
  }

  async #keep(
    { tier, ttl_ms: ttl }: CacheSpec,
    key: string,
    value: Value,
    onFault: FaultListener | undefined,
  ): Promise<void> {
    if (tier === 'memory') {
      this.#memory.set(key, value, ttl ?? undefined);
      return;
    }
    const bytes = encodeCanonical(value);
    const sealed = encodeCanonical({ hash: hashBytes(bytes), value: bytes });
    const options = ttl == null ? undefined : { ttlMs: ttl };
    await this.#ask(tier, 'write', (store) => store.set(entryKey(key), sealed, options), onFault);
  }

  async #read(
    tier: StoredTier,
    key: string,
    onFault: FaultListener | undefined,
  ): Promise<Value | undefined> {
    const sealed = await this.#ask(tier, 'read', (store) => store.get(entryKey(key)), onFault);
    if (sealed === undefined) return undefined;
    const value = unseal(sealed);
    if (value !== undefined) return value;
    onFault?.(diagnostic.RUN351({ tier, verb: 'read', reason: 'an entry is damaged' }));
    await this.#ask(tier, 'remove', (store) => store.remove(entryKey(key)), onFault);
    return undefined;
  }

  /** What has been written so far to the resources that this cache depends on. */
  async #marks(
    { tier, invalidate_on: hints }: CacheSpec,
    onFault: FaultListener | undefined,
  ): Promise<Value> {
    const domains = [...new Set(hints!.map(domainOf))].sort();
    if (tier === 'memory') return domains.map((domain) => this.#writes.get(domain) ?? 0);
    const marks = domains.map((domain) =>
      this.#ask(tier, 'read', (store) => store.get(markKey(domain)), onFault),
    );
    return (await Promise.all(marks)).map((mark) => mark ?? null);
  }

  /** Undefined where the store fails. */
  async #ask<T>(
    tier: StoredTier,
    verb: string,
    call: (store: CacheStore) => Promise<T>,
    onFault: FaultListener | undefined,
  ): Promise<T | undefined> {
    const store = this.#options.stores?.[tier];
    if (store === undefined) throw new DiagnosticError([diagnostic.RUN350({ tier })]);
    try {
      return await call(store);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      onFault?.(diagnostic.RUN351({ tier, verb, reason }));
      return undefined;
    }
  }
}

function keyOf({ identifier, codeHash, spec }: CachedNode, keyValue: Value): string {
  return hashValue({
    identifier,
    code_hash: codeHash ?? null,
    pin: spec.pin ?? null,
    key: keyValue,
  });
}

/** The value of a stored entry; undefined where its bytes are not what was written. */
function unseal(sealed: Uint8Array): Value | undefined {
  try {
    const { hash, value } = decodeCanonical(sealed) as { hash?: Value; value?: Value };
    if (!(value instanceof Uint8Array) || hashBytes(value) !== hash) return undefined;
    return decodeCanonical(value);
  } catch {
    return undefined;
  }
}

/** The resource that a hint is about: `resource::kv::write` -> `resource::kv`. */
export function domainOf(hint: string): string {
  return hint.split('::', 2).join('::');
}

function entryKey(key: string): string {
  return `result/${key}`;
}

function markKey(domain: string): string {
  return `written/${domain}`;
}

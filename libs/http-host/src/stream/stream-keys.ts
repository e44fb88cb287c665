// Idempotency keys of streams: a repeat is given the stream of the first request from its beginning,
// as long as that is kept; the flow is not run again.
import { diagnostic, DiagnosticError } from '@basalt/diagnostics';
import type { HttpHostOptions } from '../host-options.js';

/** What a key began. */
export interface KeyedStream {
  readonly runId: string;
  /** Settles when the execution has its place. */
  readonly begun: Promise<unknown> | undefined;
}

interface Entry {
  readonly runId: string;
  readonly fingerprint: string;
  /** On the monotonic clock, in milliseconds. */
  readonly expiresAt: number;
  begun: Promise<unknown> | undefined;
}

export class StreamKeys {
  /** The oldest first. */
  readonly #streams = new Map<string, Entry>();
  readonly #ttlMs: number;
  readonly #maxKeys: number;

  constructor(options: HttpHostOptions) {
    this.#ttlMs = options.idempotencyTtlMs ?? 24 * 3600 * 1000;
    this.#maxKeys = options.maxIdempotencyKeys ?? 10_000;
  }

  /** What the key began. @throws DiagnosticError HTTP130 for another request. */
  find(slot: string, key: string, fingerprint: string): KeyedStream | undefined {
    const known = this.#streams.get(slot);
    if (known === undefined || known.expiresAt <= performance.now()) return undefined;
    if (known.fingerprint === fingerprint) return known;
    throw new DiagnosticError([diagnostic.HTTP130({ key: JSON.stringify(key) })]);
  }

  /** @param begun is held no longer than until it settles. */
  remember(slot: string, fingerprint: string, runId: string, begun: Promise<unknown>): void {
    const now = performance.now();
    const entry: Entry = { runId, fingerprint, expiresAt: now + this.#ttlMs, begun };
    const settled = () => (entry.begun = undefined);
    begun.then(settled, settled);
    this.#streams.delete(slot);
    this.#streams.set(slot, entry);
    for (const [oldest, { expiresAt }] of this.#streams) {
      if (expiresAt > now && this.#streams.size <= this.#maxKeys) break;
      this.#streams.delete(oldest);
    }
  }

  /** Nothing was run for the key. */
  forget(slot: string): void {
    this.#streams.delete(slot);
  }
}

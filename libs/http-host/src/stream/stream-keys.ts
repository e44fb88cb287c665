// Idempotency keys of streams: a repeat is given the stream of the first request from its beginning,
// as long as that is kept; the flow is not run again.
import { diagnostic, DiagnosticError } from '@basalt/diagnostics';
import type { HttpHostOptions } from '../host-options.js';

interface KeyedStream {
  readonly runId: string;
  readonly fingerprint: string;
  /** On the monotonic clock, in milliseconds. */
  readonly expiresAt: number;
}

export class StreamKeys {
  /** The oldest first. */
  readonly #streams = new Map<string, KeyedStream>();
  readonly #ttlMs: number;
  readonly #maxKeys: number;

  constructor(options: HttpHostOptions) {
    this.#ttlMs = options.idempotencyTtlMs ?? 24 * 3600 * 1000;
    this.#maxKeys = options.maxIdempotencyKeys ?? 10_000;
  }

  /** The execution that the key began. @throws DiagnosticError HTTP130 for another request. */
  find(slot: string, key: string, fingerprint: string): string | undefined {
    const known = this.#streams.get(slot);
    if (known === undefined || known.expiresAt <= performance.now()) return undefined;
    if (known.fingerprint === fingerprint) return known.runId;
    throw new DiagnosticError([diagnostic.HTTP130({ key: JSON.stringify(key) })]);
  }

  remember(slot: string, fingerprint: string, runId: string): void {
    const now = performance.now();
    this.#streams.delete(slot);
    this.#streams.set(slot, { runId, fingerprint, expiresAt: now + this.#ttlMs });
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

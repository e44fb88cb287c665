// Answers by idempotency key: the first request with a key runs, every repeat gets what it got.
// Bounded in number, bytes and time; answers that are still being made are never given up.
import { diagnostic, DiagnosticError } from '@basalt/diagnostics';
import type { Answer } from '../answer.js';
import type { HttpHostOptions } from '../host-options.js';

export interface KeptAnswer {
  readonly answer: Answer;
  readonly runId: string | undefined;
}

interface Entry {
  readonly fingerprint: string;
  readonly kept: Promise<KeptAnswer>;
  bytes: number;
  /** Milliseconds on the monotonic clock; Infinity while the answer is being made. */
  expiresAt: number;
}

const ENTRY_BYTES = 512;

export class IdempotencyStore {
  /** In the order of their beginning. */
  readonly #entries = new Map<string, Entry>();
  readonly #ttlMs: number;
  readonly #maxKeys: number;
  readonly #maxBytes: number;
  #bytes = 0;

  constructor(options: HttpHostOptions) {
    this.#ttlMs = options.idempotencyTtlMs ?? 24 * 3600 * 1000;
    this.#maxKeys = options.maxIdempotencyKeys ?? 10_000;
    this.#maxBytes = options.maxIdempotencyBytes ?? 64 * 1024 * 1024;
  }

  /** Answers that are kept or being made. */
  get size(): number {
    return this.#entries.size;
  }

  /** The answer to the key. `make` is called where the key is new; an answer that it does not want kept
   * (nothing was run) it rejects with, and the next request with that key tries again.
   * @param owner what the key is unique within. @param fingerprint equal for equal requests.
   * @throws DiagnosticError HTTP130 for a key that was used for another request. */
  async through(
    owner: string,
    key: string,
    fingerprint: string,
    make: () => Promise<KeptAnswer>,
  ): Promise<KeptAnswer & { readonly repeated: boolean }> {
    const slot = `${owner}\n${key}`;
    const known = this.#entries.get(slot);
    if (known !== undefined && known.expiresAt > performance.now()) {
      if (known.fingerprint !== fingerprint) {
        throw new DiagnosticError([diagnostic.HTTP130({ key: JSON.stringify(key) })]);
      }
      return { ...(await known.kept), repeated: true };
    }
    if (known !== undefined) this.#remove(slot, known);
    const entry: Entry = { fingerprint, kept: make(), bytes: ENTRY_BYTES, expiresAt: Infinity };
    this.#entries.set(slot, entry);
    this.#bytes += entry.bytes;
    try {
      const kept = await entry.kept;
      this.#keep(entry, kept.answer);
      return { ...kept, repeated: false };
    } catch (error) {
      this.#remove(slot, entry);
      throw error;
    }
  }

  #keep(entry: Entry, answer: Answer): void {
    entry.expiresAt = performance.now() + this.#ttlMs;
    entry.bytes += answer.body.length;
    this.#bytes += answer.body.length;
    for (const [slot, old] of this.#entries) {
      const isExpired = old.expiresAt <= performance.now();
      const isFull = this.#entries.size > this.#maxKeys || this.#bytes > this.#maxBytes;
      if (!isExpired && !isFull) break;
      if (old.expiresAt !== Infinity) this.#remove(slot, old);
    }
  }

  #remove(slot: string, entry: Entry): void {
    if (this.#entries.get(slot) !== entry) return;
    this.#entries.delete(slot);
    this.#bytes -= entry.bytes;
  }
}

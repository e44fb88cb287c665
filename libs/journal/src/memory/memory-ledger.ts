// The delivery ledger in memory: which messages of exactly_once edges are held, and which are done.
import type { Reservation } from '@basalt/executor';

interface Entry {
  readonly owner: string;
  readonly input: string;
  readonly ttlMs: number;
  /** Milliseconds since the epoch; absent while the key is held. */
  readonly doneUntil?: number | undefined;
}

export class MemoryLedger {
  readonly #entries = new Map<string, Entry>();
  readonly #now: () => number;
  readonly #isOpen: (runId: string) => boolean;

  /** @param isOpen whether a run is there and has no outcome: only such a run holds its keys. */
  constructor(now: () => number, isOpen: (runId: string) => boolean) {
    this.#now = now;
    this.#isOpen = isOpen;
  }

  reserve(owner: string, key: string, input: string, ttlMs: number): Reservation {
    const entry = this.#entries.get(key);
    if (entry?.doneUntil !== undefined && entry.doneUntil > this.#now()) {
      return { state: 'done', input: entry.input };
    }
    if (entry !== undefined && entry.doneUntil === undefined) {
      if (entry.owner === owner) return { state: 'own' };
      if (this.#isOpen(entry.owner)) return { state: 'held', owner: entry.owner };
    }
    this.#entries.set(key, { owner, input, ttlMs });
    return { state: 'first' };
  }

  complete(owner: string, key: string): void {
    const entry = this.#entries.get(key);
    if (entry?.owner !== owner || entry.doneUntil !== undefined) return;
    this.#entries.set(key, { ...entry, doneUntil: this.#now() + entry.ttlMs });
  }

  release(owner: string, key: string): void {
    const entry = this.#entries.get(key);
    if (entry?.owner === owner && entry.doneUntil === undefined) this.#entries.delete(key);
  }
}

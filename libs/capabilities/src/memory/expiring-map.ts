// A map whose entries may end. An ended entry is never seen; it is removed when it is met, and every
// write looks at two more entries, so that what has ended cannot outgrow what lives.
import type { Clock } from '../capability-set.js';

interface Entry<V> {
  readonly value: V;
  /** Clock time in milliseconds from which the entry is gone. */
  readonly endsAt: number;
}

/** Entries looked at, for removal, by each write. */
const SWEEP_PER_WRITE = 2;

/** A map by text key with times to live, read from the injected clock. */
export class ExpiringMap<V> {
  readonly #entries = new Map<string, Entry<V>>();
  readonly #clock: Clock;
  #sweep = this.#entries.entries();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Entries held, those that have ended but were not met yet included. */
  get held(): number {
    return this.#entries.size;
  }

  get(key: string): V | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    if (entry.endsAt > this.#clock.now()) return entry.value;
    this.#entries.delete(key);
    return undefined;
  }

  set(key: string, value: V, endsAt: number): void {
    this.#sweepSome();
    this.#entries.set(key, { value, endsAt });
  }

  /** True when a living entry was there. */
  delete(key: string): boolean {
    const entry = this.#entries.get(key);
    if (entry === undefined) return false;
    this.#entries.delete(key);
    return entry.endsAt > this.#clock.now();
  }

  #sweepSome(): void {
    const now = this.#clock.now();
    for (let looked = 0; looked < SWEEP_PER_WRITE; looked += 1) {
      const next = this.#sweep.next();
      if (next.done) {
        this.#sweep = this.#entries.entries();
        return;
      }
      const [key, entry] = next.value;
      if (entry.endsAt <= now) this.#entries.delete(key);
    }
  }
}

// A bounded map that forgets what was used least recently, and what is older than its time.

interface Entry<V> {
  readonly value: V;
  /** First moment at which the entry is not valid any more. */
  readonly untilMs: number;
}

export class ExpiringLru<V> {
  readonly #max: number;
  readonly #now: () => number;
  /** A Map keeps the order of insertion; a use inserts anew, so the first is the one to forget. */
  readonly #entries = new Map<string, Entry<V>>();

  /** @param now milliseconds on the clock that times are measured by. */
  constructor(max: number, now: () => number) {
    if (!Number.isSafeInteger(max) || max < 1) {
      throw new RangeError(`ExpiringLru: max must be a whole number >= 1, got ${max}`);
    }
    this.#max = max;
    this.#now = now;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: string): V | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    if (this.#now() >= entry.untilMs) return undefined;
    this.#entries.set(key, entry);
    return entry.value;
  }

  /** Keeps `value` for `ttlMs` milliseconds; for ever when undefined. */
  set(key: string, value: V, ttlMs?: number): void {
    this.#entries.delete(key);
    this.#entries.set(key, {
      value,
      untilMs: ttlMs === undefined ? Infinity : this.#now() + ttlMs,
    });
    if (this.#entries.size <= this.#max) return;
    const [oldest] = this.#entries.keys();
    this.#entries.delete(oldest!);
  }
}

// The order of use of a cache's entries, and what they cost: who has to go when there is no room.
import { DEFAULT_CACHE_BOUNDS, type CacheBounds } from '../cache-bounds.js';

/** Keys by last use, within bounds. A Map keeps insertion order: a use is a removal and an insertion. */
export class LruIndex {
  readonly #costs = new Map<string, number>();
  readonly #bounds: Required<CacheBounds>;
  #bytes = 0;

  constructor(bounds: CacheBounds = {}) {
    this.#bounds = {
      maxEntries: bounds.maxEntries ?? DEFAULT_CACHE_BOUNDS.maxEntries,
      maxBytes: bounds.maxBytes ?? DEFAULT_CACHE_BOUNDS.maxBytes,
    };
  }

  get entries(): number {
    return this.#costs.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Whether an entry of that cost can be held at all. */
  fits(cost: number): boolean {
    return cost <= this.#bounds.maxBytes && this.#bounds.maxEntries > 0;
  }

  /** Makes the key the most recently used; does nothing when it is not held. */
  touch(key: string): void {
    const cost = this.#costs.get(key);
    if (cost === undefined) return;
    this.#costs.delete(key);
    this.#costs.set(key, cost);
  }

  /** Holds the key as most recently used; gives the keys that had to go for it. */
  add(key: string, cost: number): readonly string[] {
    this.remove(key);
    this.#costs.set(key, cost);
    this.#bytes += cost;
    const gone: string[] = [];
    for (const oldest of this.#costs.keys()) {
      if (this.#bytes <= this.#bounds.maxBytes && this.#costs.size <= this.#bounds.maxEntries) {
        break;
      }
      this.remove(oldest);
      gone.push(oldest);
    }
    return gone;
  }

  remove(key: string): void {
    const cost = this.#costs.get(key);
    if (cost === undefined) return;
    this.#costs.delete(key);
    this.#bytes -= cost;
  }
}

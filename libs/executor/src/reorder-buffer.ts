// Gives back in order what was completed out of order: the outlet of an ordered edge whose node runs
// several messages at once.

/** Items numbered 0, 1, 2, ... are released in that order, whatever the order of completion. Each
 * number is completed or skipped exactly once. */
export class ReorderBuffer<T> {
  readonly #held = new Map<number, { readonly items: readonly T[] }>();
  #next: number;

  /** @param first the number that is released first. */
  constructor(first = 0) {
    this.#next = first;
  }

  /** The number that everything waits for. */
  get next(): number {
    return this.#next;
  }

  /** How many completed or skipped numbers wait for an earlier one. */
  get pending(): number {
    return this.#held.size;
  }

  /** Hands in the item of `seq`; returns, in order, what may leave now.
   * @throws RangeError when `seq` was handed in before: a fault of the caller. */
  complete(seq: number, item: T): readonly T[] {
    return this.#settle(seq, [item]);
  }

  /** Says that `seq` gives no item; returns what may leave now. @throws RangeError as complete. */
  skip(seq: number): readonly T[] {
    return this.#settle(seq, []);
  }

  #settle(seq: number, items: readonly T[]): readonly T[] {
    if (!Number.isSafeInteger(seq) || seq < this.#next || this.#held.has(seq)) {
      throw new RangeError(`ReorderBuffer: ${seq} was settled before, or is no sequence number`);
    }
    if (seq > this.#next) {
      this.#held.set(seq, { items });
      return [];
    }
    this.#next += 1;
    if (this.#held.size === 0) return items;
    return this.#release(items);
  }

  #release(first: readonly T[]): readonly T[] {
    const released = [...first];
    for (;;) {
      const held = this.#held.get(this.#next);
      if (held === undefined) return released;
      this.#held.delete(this.#next);
      this.#next += 1;
      released.push(...held.items);
    }
  }
}

// A set that most of its owners never put anything into: an empty one is a single small object.

export class LazySet<T> implements Iterable<T> {
  #items: Set<T> | undefined = undefined;

  get size(): number {
    return this.#items === undefined ? 0 : this.#items.size;
  }

  has(item: T): boolean {
    return this.#items !== undefined && this.#items.has(item);
  }

  add(item: T): void {
    (this.#items ??= new Set()).add(item);
  }

  delete(item: T): void {
    this.#items?.delete(item);
  }

  /** In the order in which they were added. */
  [Symbol.iterator](): Iterator<T> {
    return (this.#items ?? []).values();
  }
}

// The first and the last items of a sequence of any length: the beginning shows how something went
// wrong, the end shows where it is now. What is between them is only counted.

export class HeadAndTail<T> {
  readonly #head: T[] = [];
  readonly #tail: T[] = [];
  /** Where the oldest item of a full tail is. */
  #oldest = 0;
  #count = 0;

  constructor(
    readonly headSize: number,
    readonly tailSize: number,
  ) {}

  /** Items that were added. */
  get count(): number {
    return this.#count;
  }

  /** Items that were dropped between the first and the last ones. */
  get omitted(): number {
    return this.#count - this.#head.length - this.#tail.length;
  }

  /** Adds an item and gives the one that it displaced. */
  add(item: T): T | undefined {
    this.#count += 1;
    if (this.#head.length < this.headSize) {
      this.#head.push(item);
      return undefined;
    }
    if (this.#tail.length < this.tailSize) {
      this.#tail.push(item);
      return undefined;
    }
    if (this.tailSize === 0) return item;
    const displaced = this.#tail[this.#oldest];
    this.#tail[this.#oldest] = item;
    this.#oldest = (this.#oldest + 1) % this.tailSize;
    return displaced;
  }

  /** True while the item is kept. */
  has(item: T): boolean {
    return this.#head.includes(item) || this.#tail.includes(item);
  }

  /** Those kept, in the order in which they were added. */
  items(): readonly T[] {
    return [...this.#head, ...this.#tail.slice(this.#oldest), ...this.#tail.slice(0, this.#oldest)];
  }
}

// The first and the last items of a sequence of any length: the beginning shows how something went
// wrong, the end shows where it is now. What is between them is only counted.

export class HeadAndTail<T> {
  #head: T[] | undefined = undefined;
  #tail: T[] | undefined = undefined;
  /** Where the oldest item of a full tail is. */
  #oldest = 0;
  #count = 0;

  constructor(
    readonly headSize: number,
    readonly tailSize: number,
  ) {}

  /** Items that were added or skipped. */
  get count(): number {
    return this.#count;
  }

  /** Items that were dropped between the first and the last ones. */
  get omitted(): number {
    return this.#count - (this.#head?.length ?? 0) - (this.#tail?.length ?? 0);
  }

  /** Adds an item and gives the one that it displaced. */
  add(item: T): T | undefined {
    this.#count += 1;
    const head = this.#head;
    if (head === undefined && this.headSize > 0) {
      // Most sequences are of one item, and take no room for more.
      this.#head = [item];
      return undefined;
    }
    if (head !== undefined && head.length < this.headSize) {
      head.push(item);
      return undefined;
    }
    const tail = (this.#tail ??= []);
    if (tail.length < this.tailSize) {
      tail.push(item);
      return undefined;
    }
    if (this.tailSize === 0) return item;
    const displaced = tail[this.#oldest];
    tail[this.#oldest] = item;
    this.#oldest = (this.#oldest + 1) % this.tailSize;
    return displaced;
  }

  /** Counts items that were never there to be kept. */
  skip(items: number): void {
    this.#count += items;
  }

  /** True while the item is kept. */
  has(item: T): boolean {
    return this.#head?.includes(item) === true || this.#tail?.includes(item) === true;
  }

  /** Those kept, in the order in which they were added. */
  items(): readonly T[] {
    const tail = this.#tail ?? [];
    return [...(this.#head ?? []), ...tail.slice(this.#oldest), ...tail.slice(0, this.#oldest)];
  }
}

// A first-in, first-out queue over a circular array: the store behind every channel. Push and shift
// cost O(1) (amortised where it grows), and a slot that was read holds no reference any more.

const FIRST_SLOTS = 8;
/** An emptied buffer with more slots than this gives them back. */
const KEPT_SLOTS = 1024;

/** FIFO of at most `capacity` items; without one it grows as needed. */
export class RingBuffer<T> {
  /** Most items held at once; Infinity when the buffer grows. */
  readonly capacity: number;
  #slots: (T | undefined)[];
  #head = 0;
  #length = 0;

  /** @throws RangeError when `capacity` is neither a whole number of at least 1 nor Infinity. */
  constructor(capacity = Infinity) {
    if (capacity !== Infinity && !(Number.isSafeInteger(capacity) && capacity >= 1)) {
      throw new RangeError(`RingBuffer: capacity must be a whole number >= 1, got ${capacity}`);
    }
    this.capacity = capacity;
    this.#slots = emptySlots();
  }

  get length(): number {
    return this.#length;
  }

  get isFull(): boolean {
    return this.#length >= this.capacity;
  }

  /** Appends; false, and nothing changes, when the buffer is full. */
  push(item: T): boolean {
    if (this.#length >= this.capacity) return false;
    if (this.#length === this.#slots.length) this.#grow();
    // The number of slots is a power of two, so the mask wraps the index.
    this.#slots[(this.#head + this.#length) & (this.#slots.length - 1)] = item;
    this.#length += 1;
    return true;
  }

  /** Removes and returns the oldest item; undefined when empty (ask `length` where T has undefined). */
  shift(): T | undefined {
    if (this.#length === 0) return undefined;
    const item = this.#slots[this.#head];
    this.#slots[this.#head] = undefined;
    this.#head = (this.#head + 1) & (this.#slots.length - 1);
    this.#length -= 1;
    if (this.#length === 0 && this.#slots.length > KEPT_SLOTS) this.clear();
    return item;
  }

  /** The oldest item, which stays; undefined when empty. */
  peek(): T | undefined {
    return this.#slots[this.#head];
  }

  /** Drops every item, and the memory that a burst took. */
  clear(): void {
    this.#slots = emptySlots();
    this.#head = 0;
    this.#length = 0;
  }

  #grow(): void {
    const old = this.#slots;
    const slots = new Array<T | undefined>(old.length * 2);
    for (let i = 0; i < this.#length; i += 1) {
      slots[i] = old[(this.#head + i) & (old.length - 1)];
    }
    slots.fill(undefined, this.#length);
    this.#slots = slots;
    this.#head = 0;
  }
}

function emptySlots<T>(): (T | undefined)[] {
  return new Array<T | undefined>(FIRST_SLOTS).fill(undefined);
}

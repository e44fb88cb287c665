// A binary min-heap of timers that knows where each one is, so that an aborted sleep leaves nothing
// behind: removal is O(log n) and immediate.

/** One sleeper. `slot` belongs to the heap: its position, or -1 when it is not inside. */
export interface Timer {
  readonly at: number;
  readonly order: number;
  slot: number;
  wake: () => void;
}

function before(a: Timer, b: Timer): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

/** Timers by (at, order). */
export class TimerHeap {
  readonly #slots: Timer[] = [];

  get size(): number {
    return this.#slots.length;
  }

  get first(): Timer | undefined {
    return this.#slots[0];
  }

  add(timer: Timer): void {
    this.#slots.push(timer);
    this.#rise(timer, this.#slots.length - 1);
  }

  /** Does nothing when the timer is not inside. */
  remove(timer: Timer): void {
    const hole = timer.slot;
    if (hole < 0) return;
    timer.slot = -1;
    const last = this.#slots.pop()!;
    if (last === timer) return;
    if (hole > 0 && before(last, this.#slots[(hole - 1) >> 1]!)) this.#rise(last, hole);
    else this.#sink(last, hole);
  }

  #rise(timer: Timer, from: number): void {
    let slot = from;
    while (slot > 0) {
      const parent = this.#slots[(slot - 1) >> 1]!;
      if (!before(timer, parent)) break;
      this.#place(parent, slot);
      slot = (slot - 1) >> 1;
    }
    this.#place(timer, slot);
  }

  #sink(timer: Timer, from: number): void {
    let slot = from;
    for (;;) {
      let child = 2 * slot + 1;
      if (child >= this.#slots.length) break;
      const right = this.#slots[child + 1];
      if (right !== undefined && before(right, this.#slots[child]!)) child += 1;
      if (!before(this.#slots[child]!, timer)) break;
      this.#place(this.#slots[child]!, slot);
      slot = child;
    }
    this.#place(timer, slot);
  }

  #place(timer: Timer, slot: number): void {
    this.#slots[slot] = timer;
    timer.slot = slot;
  }
}

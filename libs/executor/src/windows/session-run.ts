// A run of items of one key, each less than a gap after the one before: one session, or several that
// follow each other because the run is longer than a session may be.
import type { TimedItem } from './window-result.js';

/** Space at the front that taken items leave is given back once it is this large and half of all. */
const SLACK = 1024;

export class SessionRun {
  /** In order of event time, equal times in order of arrival; the first #head are taken. */
  readonly #items: TimedItem[];
  #head = 0;

  private constructor(items: TimedItem[]) {
    this.#items = items;
  }

  /** The run that `item` makes of the runs near it, which are in order and are used up. */
  static joined(near: readonly SessionRun[], item: TimedItem): SessionRun {
    const [first, ...rest] = near;
    if (first === undefined) return new SessionRun([item]);
    first.#insert(item);
    for (const run of rest) {
      for (let i = run.#head; i < run.#items.length; i += 1) first.#items.push(run.#items[i]!);
    }
    return first;
  }

  get length(): number {
    return this.#items.length - this.#head;
  }

  get startMs(): number {
    return this.#items[this.#head]!.timeMs;
  }

  get lastMs(): number {
    return this.#items[this.#items.length - 1]!.timeMs;
  }

  /** Removes and returns the items before `timeMs`. */
  takeBefore(timeMs: number): readonly TimedItem[] {
    const end = this.#after(timeMs, (a, b) => a < b);
    const taken = this.#items.slice(this.#head, end);
    this.#head = end;
    if (this.#head >= SLACK && this.#head * 2 >= this.#items.length) {
      this.#items.splice(0, this.#head);
      this.#head = 0;
    }
    return taken;
  }

  #insert(item: TimedItem): void {
    const at = this.#after(item.timeMs, (a, b) => a <= b);
    if (at === this.#items.length) this.#items.push(item);
    else this.#items.splice(at, 0, item);
  }

  /** Index of the first item for which `before(its time, timeMs)` does not hold. */
  #after(timeMs: number, before: (a: number, b: number) => boolean): number {
    let low = this.#head;
    let high = this.#items.length;
    // In order of time, which is the usual case, the place is at the end.
    if (before(this.#items[high - 1]!.timeMs, timeMs)) return high;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (before(this.#items[middle]!.timeMs, timeMs)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

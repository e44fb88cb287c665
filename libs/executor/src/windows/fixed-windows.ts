// Windows of one length that start at every multiple of a slide, counted from the Unix epoch. A
// tumbling window is the case where the slide is the length.
import { MinHeap } from '../structures/min-heap.js';
import type { OpenWindows, TimedItem, WindowResult } from './window-result.js';

interface Group {
  readonly first: TimedItem;
  readonly items: TimedItem['item'][];
}

/** Tumbling and sliding windows. An item costs O(size / slide). */
export class FixedWindows implements OpenWindows {
  readonly #sizeMs: number;
  readonly #slideMs: number;
  /** start -> key token -> group; a Map keeps the order in which keys came. */
  readonly #open = new Map<number, Map<string, Group>>();
  readonly #starts = new MinHeap<number>((a, b) => a < b);

  constructor(sizeMs: number, slideMs: number) {
    this.#sizeMs = sizeMs;
    this.#slideMs = slideMs;
  }

  assign(item: TimedItem, watermarkMs: number): boolean {
    // From the newest window that holds the item back to the oldest that is still open.
    const last = Math.floor(item.timeMs / this.#slideMs) * this.#slideMs;
    const closedBefore = Math.max(item.timeMs, watermarkMs) - this.#sizeMs;
    let joined = false;
    for (let start = last; start > closedBefore; start -= this.#slideMs) {
      // Adding 0 turns -0 into 0.
      this.#join(start + 0, item);
      joined = true;
    }
    return joined;
  }

  close(watermarkMs: number): readonly WindowResult[] {
    const closed: WindowResult[] = [];
    for (;;) {
      const start = this.#starts.peek();
      if (start === undefined || start + this.#sizeMs > watermarkMs) return closed;
      this.#starts.pop();
      for (const { first, items } of this.#open.get(start)!.values()) {
        closed.push({ key: first.key, start_ms: start, end_ms: start + this.#sizeMs, items });
      }
      this.#open.delete(start);
    }
  }

  #join(start: number, item: TimedItem): void {
    let groups = this.#open.get(start);
    if (groups === undefined) {
      groups = new Map();
      this.#open.set(start, groups);
      this.#starts.push(start);
    }
    const group = groups.get(item.keyToken);
    if (group === undefined) groups.set(item.keyToken, { first: item, items: [item.item] });
    else group.items.push(item.item);
  }
}

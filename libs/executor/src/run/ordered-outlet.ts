// Keeps the outputs of a node in the order of its inputs while several of its invocations run at once.
// An invocation whose turn has not come keeps its result, and its place among the active ones, so what
// is held back is bounded by the node's concurrency.
import type { Invocation } from './invocation.js';
import { RingBuffer } from '../structures/ring-buffer.js';

/** The line of the active invocations of one node, in the order in which they were begun. */
export class OrderedOutlet {
  readonly #line = new RingBuffer<Invocation>();
  #moving = false;

  join(invocation: Invocation): void {
    invocation.outlet = this;
    this.#line.push(invocation);
  }

  /** True where the invocation may put out now. */
  isTurn(invocation: Invocation): boolean {
    return this.#line.peek() === invocation;
  }

  /** Takes over the place of an attempt that is tried again. */
  replace(old: Invocation, next: Invocation): void {
    const count = this.#line.length;
    for (let i = 0; i < count; i += 1) {
      const at = this.#line.shift()!;
      this.#line.push(at === old ? next : at);
    }
    next.outlet = this;
    old.outlet = undefined;
  }

  /** The invocation has ended: the next ones may put out what they kept. */
  leave(invocation: Invocation): void {
    const count = this.#line.length;
    if (this.#line.peek() === invocation) this.#line.shift();
    else {
      for (let i = 0; i < count; i += 1) {
        const at = this.#line.shift()!;
        if (at !== invocation) this.#line.push(at);
      }
    }
    if (this.#moving) return;
    this.#moving = true;
    for (let head = this.#line.peek(); head !== undefined;) {
      head.turnCame();
      const next = this.#line.peek();
      head = next === head ? undefined : next;
    }
    this.#moving = false;
  }
}

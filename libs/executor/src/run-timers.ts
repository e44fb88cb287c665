// All waits of one execution on one clock: a heap of timers and, as long as one is set, a sleep to the
// earliest. Cancelling is lazy, so that a limit which is not reached costs no more than its insertion.
import type { Clock } from '@basalt/capabilities';
import { MinHeap } from './min-heap.js';

/** One wait. */
export interface RunTimer {
  readonly at: number;
  readonly order: number;
  /** True where the execution may not end, nor count as starved, while it runs. */
  readonly holds: boolean;
  fire: (() => void) | undefined;
}

function before(a: RunTimer, b: RunTimer): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

export class RunTimers {
  readonly #heap = new MinHeap<RunTimer>(before);
  readonly #clock: Clock;
  readonly #afterFire: () => void;
  #order = 0;
  #holding = 0;
  #sleepUntil = Infinity;
  #sleep: AbortController | undefined;
  #stopped = false;

  /** @param afterFire called once after the timers of one moment have fired. */
  constructor(clock: Clock, afterFire: () => void) {
    this.#clock = clock;
    this.#afterFire = afterFire;
  }

  /** Timers that hold the execution open. */
  get holding(): number {
    return this.#holding;
  }

  /** Calls `fire` after `ms` milliseconds; never in the same step. */
  set(ms: number, fire: () => void, holds = true): RunTimer {
    const at = this.#clock.now() + Math.max(0, ms);
    const timer: RunTimer = { at, order: (this.#order += 1), holds, fire };
    if (this.#stopped) return timer;
    if (holds) this.#holding += 1;
    this.#heap.push(timer);
    if (at < this.#sleepUntil) this.#arm();
    return timer;
  }

  /** A timer that fired, or was cancelled before, is left as it is. */
  cancel(timer: RunTimer): void {
    if (timer.fire === undefined) return;
    timer.fire = undefined;
    if (timer.holds && !this.#stopped) this.#holding -= 1;
    // Without this a cancelled timer would keep the process alive until its time.
    while (this.#heap.size > 0 && this.#heap.peek()!.fire === undefined) this.#heap.pop();
    if (this.#heap.size === 0) this.#disarm();
  }

  /** Forgets every timer. */
  stop(): void {
    this.#stopped = true;
    this.#holding = 0;
    while (this.#heap.size > 0) this.#heap.pop()!.fire = undefined;
    this.#disarm();
  }

  #disarm(): void {
    this.#sleepUntil = Infinity;
    this.#sleep?.abort();
    this.#sleep = undefined;
  }

  #arm(): void {
    this.#disarm();
    const next = this.#heap.peek();
    if (next === undefined) return;
    const sleep = new AbortController();
    this.#sleep = sleep;
    this.#sleepUntil = next.at;
    this.#clock.sleep(next.at - this.#clock.now(), sleep.signal).then(
      () => {
        if (this.#sleep === sleep) this.#wake();
      },
      () => undefined,
    );
  }

  #wake(): void {
    this.#sleep = undefined;
    this.#sleepUntil = Infinity;
    const now = this.#clock.now();
    for (let next = this.#heap.peek(); next !== undefined && next.at <= now;) {
      this.#heap.pop();
      const fire = next.fire;
      if (fire !== undefined) {
        next.fire = undefined;
        if (next.holds) this.#holding -= 1;
        fire();
      }
      next = this.#stopped ? undefined : this.#heap.peek();
    }
    if (this.#stopped) return;
    if (this.#sleep === undefined) this.#arm();
    this.#afterFire();
  }
}

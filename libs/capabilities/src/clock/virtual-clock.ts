// A clock that stands still until it is told to move. Deterministic runs advance it when nothing else
// can run, so that a day of waiting takes no time and always wakes sleepers in the same order.
import type { Clock } from '../capability-set.js';
import { TimerHeap, type Timer } from './timer-heap.js';
import { sleepMilliseconds } from './sleep-milliseconds.js';

/** Time under control of its owner. Sleepers wake in order of (time, insertion). */
export class VirtualClock implements Clock {
  readonly #timers = new TimerHeap();
  #now: number;
  #inserted = 0;

  /** `startMs`: the first reading, in milliseconds since the Unix epoch. */
  constructor(startMs = 0) {
    if (!Number.isFinite(startMs)) {
      throw new RangeError(`a clock starts at a finite time, not ${String(startMs)}`);
    }
    this.#now = startMs;
  }

  now(): number {
    return this.#now;
  }

  /** How many sleepers wait; those that sleep for ever are not counted. */
  get pending(): number {
    return this.#timers.size;
  }

  /** When the next sleeper wakes; undefined when none waits. */
  get nextAt(): number | undefined {
    return this.#timers.first?.at;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    const at = this.#now + sleepMilliseconds(ms);
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason as Error);
        return;
      }
      const timer: Timer = { at, order: this.#inserted++, slot: -1, wake: resolve };
      if (signal !== undefined) {
        const onAbort = () => {
          this.#timers.remove(timer);
          reject(signal.reason as Error);
        };
        signal.addEventListener('abort', onAbort, { once: true });
        timer.wake = () => {
          signal.removeEventListener('abort', onAbort);
          resolve();
        };
      }
      if (at !== Infinity) this.#timers.add(timer);
    });
  }

  /** Moves to the earliest wake-up and wakes every sleeper that is due then; false when none waits.
   * What the woken do runs afterwards, in microtasks. */
  advanceToNext(): boolean {
    const next = this.#timers.first;
    if (next === undefined) return false;
    this.#now = next.at;
    this.#wakeDue();
    return true;
  }

  /** Moves by `ms` and wakes, in order, every sleeper that is due by then. Sleeps that the woken
   * begin count from the new time: use `advanceThrough` to let them run in between. */
  advance(ms: number): void {
    const target = this.#target(ms);
    while (this.#timers.first !== undefined && this.#timers.first.at <= target) {
      this.advanceToNext();
    }
    this.#now = target;
  }

  /** Like `advance`, but lets the woken run after every wake-up, so that the sleeps which they begin
   * on the way wake on the way. */
  async advanceThrough(ms: number): Promise<void> {
    const target = this.#target(ms);
    const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
    await settle();
    while (this.#timers.first !== undefined && this.#timers.first.at <= target) {
      this.advanceToNext();
      await settle();
    }
    this.#now = Math.max(this.#now, target);
  }

  #wakeDue(): void {
    // Only those already waiting: a sleeper of zero length must not be woken in the same step.
    const limit = this.#inserted;
    let due = this.#timers.first;
    while (due !== undefined && due.at <= this.#now && due.order < limit) {
      this.#timers.remove(due);
      due.wake();
      due = this.#timers.first;
    }
  }

  #target(ms: number): number {
    if (!Number.isFinite(ms) || ms < 0) {
      throw new RangeError(`a clock moves forward by a finite time, not ${String(ms)}`);
    }
    return this.#now + ms;
  }
}

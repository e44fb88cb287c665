// All waits of one execution on one clock: a heap of timers and, as long as one is set, a sleep to the
// earliest. Cancelling is lazy, so that a limit which is not reached costs no more than its insertion.
import { systemClock, type Clock } from '@basalt/capabilities';
import { MinHeap } from '../structures/min-heap.js';

/** One wait. */
export interface RunTimer {
  readonly at: number;
  readonly order: number;
  /** True where the execution may not end, nor count as starved, while it runs. */
  readonly holds: boolean;
  fire: (() => void) | undefined;
}

interface TimerOwner {
  /** Called before the timers of one moment fire: what they start begins now. */
  tick(): void;
  /** Called once after they have fired. */
  drain(justTicked: boolean): void;
}

function before(a: RunTimer, b: RunTimer): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

/** The longest delay that setTimeout keeps; a longer wait is cut into several. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Taken once: a deterministic run traps the global inside handlers, never here. */
const { setTimeout: startTimer, clearTimeout: stopTimer } = globalThis;

const SYSTEM = systemClock();

/** Why a sleep ends early. Made once: a new error for each would cost more than the sleep. */
const STOPPED = new Error('the timers of the execution were stopped');

export class RunTimers {
  readonly #heap = new MinHeap<RunTimer>(before);
  readonly #clock: Clock;
  readonly #owner: TimerOwner;
  #order = 0;
  #holding = 0;
  #sleepUntil = Infinity;
  #sleep: AbortController | undefined;
  /** In place of a sleep on the system's clock, where starting and stopping must cost next to nothing:
   * most limits are never reached. */
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;
  #postponed = false;

  constructor(clock: Clock, owner: TimerOwner) {
    this.#clock = clock;
    this.#owner = owner;
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
    if (at < this.#sleepUntil && !this.#postponed) this.#arm();
    return timer;
  }

  /** Until `arm`, which has to be called before the code that runs now returns: what is set and given
   * up meanwhile costs the process no timer. */
  postpone(): void {
    // Any other clock may move meanwhile.
    this.#postponed = this.#clock === SYSTEM;
  }

  /** Ends what `postpone` began. */
  arm(): void {
    if (this.#postponed && this.#heap.size > 0) this.#arm();
    this.#postponed = false;
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
    if (this.#timer !== undefined) stopTimer(this.#timer);
    this.#timer = undefined;
    this.#sleep?.abort(STOPPED);
    this.#sleep = undefined;
  }

  #arm(): void {
    this.#disarm();
    const next = this.#heap.peek();
    if (next === undefined) return;
    this.#sleepUntil = next.at;
    if (this.#clock === SYSTEM) {
      const delay = Math.max(0, next.at - this.#clock.now());
      this.#timer = startTimer(() => this.#wake(), Math.min(delay, LONGEST_TIMER_MS));
      return;
    }
    const sleep = new AbortController();
    this.#sleep = sleep;
    this.#clock.sleep(next.at - this.#clock.now(), sleep.signal).then(
      () => {
        if (this.#sleep === sleep) this.#wake();
      },
      () => undefined,
    );
  }

  #wake(): void {
    this.#sleep = undefined;
    this.#timer = undefined;
    this.#sleepUntil = Infinity;
    const now = this.#clock.now();
    this.#owner.tick();
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
    if (this.#sleep === undefined && this.#timer === undefined) this.#arm();
    this.#owner.drain(true);
  }
}

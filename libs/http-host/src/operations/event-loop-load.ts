// How late the event loop is: the one number that says that this process has more to do than it can.
import { monitorEventLoopDelay, type IntervalHistogram } from 'node:perf_hooks';

/** How often a timer of the monitor fires, in milliseconds: what it measures includes this time. */
const RESOLUTION_MS = 10;
const WINDOW_MS = 250;

/** Measures the delay of the event loop over windows of a quarter of a second. */
export class EventLoopLoad {
  readonly #delays: IntervalHistogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  readonly #timer: NodeJS.Timeout;
  #delayMs = 0;

  constructor() {
    this.#delays.enable();
    this.#timer = setInterval(() => this.#look(), WINDOW_MS);
    this.#timer.unref();
  }

  /** Mean delay of the last window, in milliseconds. */
  get delayMs(): number {
    return this.#delayMs;
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#delays.disable();
  }

  #look(): void {
    // Without a sample the loop was held for the whole window.
    const { count, mean, max } = this.#delays;
    const seen = count === 0 ? WINDOW_MS : Math.max(mean, count < 3 ? max : 0) / 1e6;
    this.#delayMs = Math.max(0, seen - RESOLUTION_MS);
    this.#delays.reset();
  }
}

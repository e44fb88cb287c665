// Lets the event loop turn during loops that never wait, so that timeouts, cancellation and other work on the
// thread are not held up.

/** Longest time that a loop holds the thread, in milliseconds. */
const SLICE_MS = 10;
/** Iterations between readings of the clock. */
const STRIDE = 64;

export class Pace {
  private iterations = 0;
  private started = performance.now();

  /** Counts an iteration; true when it is time to let others go on. */
  isDue(): boolean {
    this.iterations += 1;
    return this.iterations % STRIDE === 0 && performance.now() - this.started >= SLICE_MS;
  }

  async turn(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.started = performance.now();
  }
}

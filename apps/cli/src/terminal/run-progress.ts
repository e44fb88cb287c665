// One line on a terminal that says how far a local execution is: it observes, and costs nothing when
// nobody watches.
import type { ObservedInvocation, ObservedRun, RunObserver } from '@basalt/executor';
import type { CommandIo } from './command-io.js';

const EVERY_MS = 100;
/** Short executions show nothing. */
const PATIENCE_MS = 400;

export class RunProgress implements RunObserver {
  readonly #io: CommandIo;
  readonly #timer: NodeJS.Timeout;
  readonly #startedAt = performance.now();
  readonly #active = new Map<string, number>();
  #done = 0;
  #shown = false;

  constructor(io: CommandIo) {
    this.#io = io;
    this.#timer = setInterval(() => this.#show(), EVERY_MS);
    this.#timer.unref();
  }

  nodeStarted(_run: ObservedRun, { alias }: ObservedInvocation): void {
    this.#active.set(alias, (this.#active.get(alias) ?? 0) + 1);
  }

  nodeEnded(_run: ObservedRun, { alias }: ObservedInvocation): void {
    this.#done += 1;
    const left = (this.#active.get(alias) ?? 1) - 1;
    if (left > 0) this.#active.set(alias, left);
    else this.#active.delete(alias);
  }

  /** Clears the line; may be called twice. */
  close(): void {
    clearInterval(this.#timer);
    if (this.#shown) this.#io.err('\r\x1b[2K');
    this.#shown = false;
  }

  #show(): void {
    const elapsed = performance.now() - this.#startedAt;
    if (elapsed < PATIENCE_MS) return;
    this.#shown = true;
    const active = [...this.#active.keys()].slice(0, 4).join(', ') || 'waiting';
    const text = `${(elapsed / 1000).toFixed(1)} s  ${this.#done} steps done, now: ${active}`;
    this.#io.err(`\r\x1b[2K${this.#io.errStyle.dim(text)}`);
  }
}

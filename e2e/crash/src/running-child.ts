// A process under way: its lines are read, and it is killed by its id.
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

export class RunningChild {
  readonly ended: Promise<void>;
  readonly #child: ChildProcess;

  /** @param output what is read of it, line by line. */
  constructor(child: ChildProcess, output: Readable, onLine: (text: string) => void) {
    this.#child = child;
    createInterface({ input: output }).on('line', onLine);
    this.ended = new Promise((resolve) => child.once('close', () => resolve()));
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Exit status; undefined as long as it runs, and where a signal ended it. */
  get status(): number | undefined {
    return this.#child.exitCode ?? undefined;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** SIGKILL, and waits for its end. */
  async kill(): Promise<void> {
    this.signal('SIGKILL');
    await this.ended;
  }
}

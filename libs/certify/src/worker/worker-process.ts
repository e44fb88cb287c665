// A worker process, as the certifying one holds it: started, spoken to, stopped, killed.
import { spawn, type ChildProcess } from 'node:child_process';
import type { FromWorker, ToWorker } from './worker-messages.js';

/** How a worker is started: a program that loads the flow and calls `runCertifyWorker`. */
export interface WorkerCommand {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd?: string | undefined;
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
}

const KEPT_STDERR = 2_000;

export class WorkerProcess {
  /** Resolves when it can be given a case; false where it ended before. */
  readonly ready: Promise<boolean>;
  readonly ended: Promise<void>;
  #stderr = '';
  #listener: (message: FromWorker) => void = () => undefined;
  readonly #child: ChildProcess;

  constructor({ file, args, cwd, env }: WorkerCommand) {
    this.#child = spawn(file, args, {
      ...(cwd === undefined ? {} : { cwd }),
      ...(env === undefined ? {} : { env: env as NodeJS.ProcessEnv }),
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      serialization: 'advanced',
    });
    this.#child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-KEPT_STDERR);
    });
    this.ended = new Promise((resolve) => {
      this.#child.once('exit', () => resolve());
      this.#child.once('error', (error) => {
        this.#stderr += error.message;
        resolve();
      });
    });
    // A message to a process that is just being killed is lost, as it should be.
    this.#child.on('error', () => undefined);
    let isReady: (ready: boolean) => void = () => undefined;
    this.ready = new Promise((resolve) => (isReady = resolve));
    void this.ended.then(() => isReady(false));
    this.#child.on('message', (message: FromWorker) => {
      if (message.kind === 'ready') isReady(true);
      else this.#listener(message);
    });
  }

  /** The end of what it wrote on its stderr. */
  get stderr(): string {
    return this.#stderr.trim();
  }

  get isRunning(): boolean {
    return (
      this.#child.pid !== undefined &&
      this.#child.exitCode === null &&
      this.#child.signalCode === null
    );
  }

  onMessage(listener: (message: FromWorker) => void): void {
    this.#listener = listener;
  }

  send(message: ToWorker): void {
    if (this.isRunning && this.#child.connected) this.#child.send(message, () => undefined);
  }

  /** SIGKILL, and waits for its end. */
  async kill(): Promise<void> {
    this.#listener = () => undefined;
    if (!this.isRunning) return;
    this.#child.kill('SIGKILL');
    await this.ended;
  }

  /** Stands still until `thaw`. */
  freeze(): void {
    this.#child.kill('SIGSTOP');
  }

  thaw(): void {
    this.#child.kill('SIGCONT');
  }
}

// Worker processes that are ready for a case: loading a flow takes longer than most cases.
import { DiagnosticError, diagnostic } from '@basalt/diagnostics';
import { WorkerProcess, type WorkerCommand } from './worker-process.js';

export class WorkerPool {
  readonly #command: WorkerCommand;
  readonly #idle: WorkerProcess[] = [];
  readonly #all = new Set<WorkerProcess>();

  constructor(command: WorkerCommand) {
    this.#command = command;
  }

  /** A worker that is ready. @throws DiagnosticError CERT106 where none can be started. */
  async take(): Promise<WorkerProcess> {
    for (;;) {
      const worker = this.#idle.shift() ?? this.#start();
      if (await worker.ready) {
        if (worker.isRunning) return worker;
        continue;
      }
      const reason = worker.stderr.split('\n').slice(-3).join(' ') || 'it said nothing';
      throw new DiagnosticError([diagnostic.CERT106({ reason })]);
    }
  }

  /** Takes a worker back whose case is closed. */
  give(worker: WorkerProcess): void {
    worker.onMessage(() => undefined);
    if (worker.isRunning) this.#idle.push(worker);
  }

  /** Starts one before it is needed, where none is left. */
  warm(): void {
    if (this.#idle.length === 0) this.#idle.push(this.#start());
  }

  async close(): Promise<void> {
    await Promise.all([...this.#all].map((worker) => worker.kill()));
  }

  #start(): WorkerProcess {
    const worker = new WorkerProcess(this.#command);
    this.#all.add(worker);
    void worker.ended.then(() => this.#all.delete(worker));
    return worker;
  }
}

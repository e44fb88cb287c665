// Gives runs that wait the events that they wait for, and lets their jobs go on. Nothing is given up
// before it has been taken in.
import { DiagnosticError } from '@basalt/diagnostics';
import { setTimeout as delay } from 'node:timers/promises';
import type { CrashJob } from './crash-jobs.js';
import type { OpenPlace } from './crash-place.js';

const PAUSE_MS = 50;

/** Delivers the events of jobs as they come in. */
export class EventOperator {
  readonly #place: OpenPlace;
  readonly #open = new Map<string, CrashJob>();
  readonly #stopped = new AbortController();
  readonly #loop: Promise<void>;

  constructor(place: OpenPlace) {
    this.#place = place;
    this.#loop = this.#run();
  }

  add(job: CrashJob): void {
    if (job.expected.event !== undefined) this.#open.set(job.job.id, job);
  }

  /** Jobs whose events have not been taken in. */
  get open(): number {
    return this.#open.size;
  }

  async close(): Promise<void> {
    this.#stopped.abort();
    await this.#loop;
  }

  async #run(): Promise<void> {
    while (!this.#stopped.signal.aborted) {
      for (const job of this.#open.values()) {
        if (this.#stopped.signal.aborted) return;
        if (await this.#isTaken(job)) this.#open.delete(job.job.id);
      }
      await delay(PAUSE_MS);
    }
  }

  async #isTaken({ job: { id }, expected: { event } }: CrashJob): Promise<boolean> {
    const { journal, queue } = this.#place;
    const { checkpoint, value } = event!;
    try {
      const given = { id: `event of ${id}`, checkpoint, correlation: id, event: value };
      await journal.deliver(id, given);
      return await queue.resume(id);
    } catch (error) {
      // The run has not begun yet, or the server is away.
      if (error instanceof DiagnosticError) return this.#isEnded(error);
      throw error;
    }
  }

  #isEnded(error: DiagnosticError): boolean {
    return error.diagnostic.code === 'JRNL003';
  }
}

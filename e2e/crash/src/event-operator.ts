// Gives runs that wait the events that they wait for, and lets their jobs go on. Nothing is given up
// before it has been taken in.
import { DiagnosticError } from '@basalt/diagnostics';
import type { Value } from '@basalt/ir';
import type { JournalStore } from '@basalt/journal';
import type { QueueBackend } from '@basalt/queue';
import { setTimeout as delay } from 'node:timers/promises';

/** An event and the run that waits for it. */
export interface AwaitedEvent {
  readonly runId: string;
  readonly correlation: string;
  readonly event: { readonly checkpoint: string; readonly value: Value };
}

const PAUSE_MS = 50;
/** The run has ended. */
const ENDED = 'JRNL003';

/** Delivers events as they are given to it. */
export class EventOperator {
  readonly #open = new Map<string, () => Promise<boolean>>();
  readonly #stopped = new AbortController();
  readonly #loop: Promise<void>;

  constructor() {
    this.#loop = this.#run();
  }

  give(queue: QueueBackend, journal: JournalStore, awaited: AwaitedEvent): void {
    this.#open.set(awaited.runId, () => isTaken(queue, journal, awaited));
  }

  /** Events that have not been taken in. */
  get open(): number {
    return this.#open.size;
  }

  async close(): Promise<void> {
    this.#stopped.abort();
    await this.#loop;
  }

  async #run(): Promise<void> {
    while (!this.#stopped.signal.aborted) {
      for (const [runId, deliver] of this.#open) {
        if (this.#stopped.signal.aborted) return;
        if (await deliver()) this.#open.delete(runId);
      }
      await delay(PAUSE_MS);
    }
  }
}

async function isTaken(
  queue: QueueBackend,
  journal: JournalStore,
  { runId, correlation, event: { checkpoint, value } }: AwaitedEvent,
): Promise<boolean> {
  try {
    const id = `event of ${correlation}`;
    await journal.deliver(runId, { id, checkpoint, correlation, event: value });
    return await queue.resume(runId);
  } catch (error) {
    // The run has not begun yet, or the server is away.
    if (error instanceof DiagnosticError) return error.diagnostic.code === ENDED;
    throw error;
  }
}

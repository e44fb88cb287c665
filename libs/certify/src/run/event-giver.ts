// Gives runs the events that they wait for, so that a flow that asks somebody goes on.
import { DiagnosticError } from '@basalt/diagnostics';
import type { RunRecord } from '@basalt/executor';
import type { Value } from '@basalt/ir';
import { inputOfJob, type CertifyCase } from '../cases/certify-case.js';
import type { CaseStores } from '../worker/case-stores.js';

export class EventGiver {
  readonly #stores: CaseStores;
  readonly #eventFor: (checkpoint: string) => Value;
  readonly #note: (job: string, text: string) => void;
  readonly #twice: ReadonlySet<string>;

  constructor(
    { injections }: CertifyCase,
    stores: CaseStores,
    eventFor: (checkpoint: string) => Value,
    note: (job: string, text: string) => void,
  ) {
    this.#stores = stores;
    this.#eventFor = eventFor;
    this.#note = note;
    this.#twice = new Set(
      injections.flatMap((one) => (one.kind === 'event_twice' ? [one.input] : [])),
    );
  }

  /** Gives a parked job every event that it waits for. */
  async give(job: string): Promise<void> {
    const { journal, queue } = this.#stores;
    try {
      for (const { key, checkpoint, correlation } of waitsOf(await journal.records(job))) {
        const event = {
          id: `event of ${job} ${checkpoint} ${key}`,
          checkpoint,
          correlation,
          event: this.#eventFor(checkpoint),
        };
        const times = this.#twice.has(inputOfJob(job)) ? 2 : 1;
        for (let n = 0; n < times; n += 1) {
          const isNew = await journal.deliver(job, event);
          if (isNew || n > 0) this.#note(job, `event for ${checkpoint}${isNew ? '' : ' again'}`);
        }
      }
      await queue.resume(job);
    } catch (error) {
      // It has ended meanwhile, or its journal is not to be seen yet.
      if (!(error instanceof DiagnosticError)) throw error;
    }
  }
}

type Waiting = Extract<RunRecord, { kind: 'waiting' }>;

function waitsOf(records: readonly RunRecord[]): readonly Waiting[] {
  const over = new Set(records.flatMap((r) => (r.kind === 'resumed' ? [r.key] : [])));
  return records.filter((r): r is Waiting => r.kind === 'waiting' && !over.has(r.key));
}

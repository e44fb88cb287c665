// A journal in memory, for tests: what counts as being on disk is what was there at a flush.
import { decodeCanonical, encodeCanonical, type Value } from '@basalt/ir';
import type { JournaledEvent, Reservation, RunJournal, RunRecord } from '../durable/run-journal.js';

/** The keys that executions hold or have completed; shared by their journals. */
export type MemoryLedger = Map<string, { owner: string; input: string; done: boolean }>;

export class MemoryJournal implements RunJournal {
  readonly runId: string;
  readonly startedAt = 0;
  readonly history: readonly RunRecord[];
  /** Everything that was appended, history included. */
  readonly records: RunRecord[];
  readonly ledger: MemoryLedger;
  /** Records on disk. */
  flushed: number;
  flushes = 0;
  /** Called before each flush; what it throws is why the flush fails. */
  onFlush: () => void | Promise<void> = () => undefined;
  #onEvent: ((event: JournaledEvent) => void) | undefined;

  constructor(
    history: readonly RunRecord[] = [],
    ledger: MemoryLedger = new Map(),
    runId = 'the-run',
  ) {
    this.runId = runId;
    this.history = history;
    this.records = [...history];
    this.ledger = ledger;
    this.flushed = history.length;
  }

  append(record: RunRecord): void {
    // As a store would: only what can be encoded comes back.
    this.records.push(copyOf(record));
  }

  async flush(): Promise<void> {
    const count = this.records.length;
    await this.onFlush();
    this.flushes += 1;
    for (const record of this.records.slice(this.flushed, count)) this.#commit(record);
    this.flushed = Math.max(this.flushed, count);
  }

  async reserve(key: string, input: string): Promise<Reservation> {
    const entry = this.ledger.get(key);
    if (entry === undefined) {
      this.ledger.set(key, { owner: this.runId, input, done: false });
      return { state: 'first' };
    }
    if (entry.done) return { state: 'done', input: entry.input };
    if (entry.owner === this.runId) return { state: 'own' };
    return { state: 'held', owner: entry.owner };
  }

  release(key: string): void {
    const entry = this.ledger.get(key);
    if (entry !== undefined && entry.owner === this.runId && !entry.done) this.ledger.delete(key);
  }

  onEvent(listener: (event: JournaledEvent) => void): void {
    this.#onEvent = listener;
  }

  /** An event from outside. */
  deliver(id: string, checkpoint: string, correlation: Value, event: Value): void {
    this.#onEvent?.({ id, checkpoint, correlation, event, at: 0 });
  }

  /** The journal as it is found after a crash in which `count` records were on disk. */
  cutAt(count: number, ledger: MemoryLedger = this.ledger): MemoryJournal {
    return new MemoryJournal(this.records.slice(0, count), ledger, this.runId);
  }

  #commit(record: RunRecord): void {
    if (record.kind !== 'result' || record.completes === undefined) return;
    this.ledger.set(record.completes, { owner: this.runId, input: record.input, done: true });
  }
}

function copyOf(record: RunRecord): RunRecord {
  return decodeCanonical(encodeCanonical(record as unknown as Value)) as unknown as RunRecord;
}

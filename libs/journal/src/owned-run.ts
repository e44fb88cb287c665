// An open journal of one run. It makes frames of records and counts them; where they go, and who else
// may have the run, is the business of the store that opened it.
import { DiagnosticError, diagnostic } from '@basalt/diagnostics';
import type { Reservation, RunRecord } from '@basalt/executor';
import type { DeliveredEvent, OwnedJournal, RunStart } from './journal-store.js';
import { recordBody, writeFrame } from './records/run-frame.js';
import { afterRecord, type RunProgress } from './records/run-progress.js';
import { checkName } from './run-names.js';

/** A frame on its way to the store. */
export interface PendingFrame {
  /** 1 for the first record. */
  readonly index: number;
  readonly bytes: Uint8Array;
  readonly record: RunRecord;
  /** After this frame. */
  readonly progress: RunProgress;
}

/** What a store does for a run that it has opened. */
export interface RunKeeper {
  /** Bytes of the largest record. */
  readonly maxRecordBytes: number;
  /** Makes durable what `run.pending` and `run.released` hold now, and takes it out of them. */
  commit(run: OwnedRun): Promise<void>;
  reserve(run: OwnedRun, key: string, input: string, ttlMs: number): Promise<Reservation>;
  /** Gives the lease back, after a last commit. */
  leave(run: OwnedRun): Promise<void>;
}

/** What a store knows of a run when it opens it. */
export interface OpenedRun {
  readonly start: RunStart;
  readonly history: readonly RunRecord[];
  readonly progress: RunProgress;
  /** Everything that was delivered, consumed or not. */
  readonly events: readonly DeliveredEvent[];
}

export class OwnedRun implements OwnedJournal {
  readonly start: RunStart;
  readonly history: readonly RunRecord[];
  readonly pending: PendingFrame[] = [];
  /** Keys of the delivery ledger that are given back with the next commit. */
  readonly released: string[] = [];
  /** After everything that was appended. */
  progress: RunProgress;
  readonly #keeper: RunKeeper;
  readonly #lost = new AbortController();
  readonly #consumed = new Set<string>();
  readonly #arrived: DeliveredEvent[] = [];
  readonly #listeners: ((event: DeliveredEvent) => void)[] = [];
  #fault: DiagnosticError | undefined;
  #closed: Promise<void> | undefined;

  constructor(opened: OpenedRun, keeper: RunKeeper) {
    this.start = opened.start;
    this.history = opened.history;
    this.progress = opened.progress;
    this.#keeper = keeper;
    for (const record of opened.history) this.#consume(record);
    for (const event of opened.events) this.arrive(event);
  }

  get runId(): string {
    return this.start.runId;
  }

  get startedAt(): number {
    return this.start.startedAt;
  }

  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** Why the run may not go on, where it may not. */
  get fault(): DiagnosticError | undefined {
    return this.#fault;
  }

  append(record: RunRecord): void {
    if (this.#fault !== undefined) return;
    try {
      const { bytes, chain } = writeFrame(this.progress.chain, recordBody(record));
      const limit = this.#keeper.maxRecordBytes;
      if (bytes.length > limit) {
        const params = { run: this.runId, size: bytes.length, limit };
        throw new DiagnosticError([diagnostic.JRNL007(params)]);
      }
      this.progress = afterRecord(this.progress, record, bytes.length, chain);
      const { progress } = this;
      this.pending.push({ index: progress.records, bytes, record, progress });
      this.#consume(record);
    } catch (error) {
      this.fail(error as DiagnosticError);
    }
  }

  async flush(): Promise<void> {
    const closed = this.#closed !== undefined;
    if (closed && this.pending.length + this.released.length > 0) {
      throw new DiagnosticError([diagnostic.CAP108({ call: 'journal.flush' })]);
    }
    await this.commit();
  }

  /** Makes everything durable, or fails for good. */
  async commit(): Promise<void> {
    if (this.#fault !== undefined) throw this.#fault;
    if (this.pending.length + this.released.length === 0) return;
    try {
      await this.#keeper.commit(this);
    } catch (error) {
      this.fail(error as DiagnosticError);
      throw error;
    }
    // It may have failed while the commit was on its way.
    if (this.#fault !== undefined) throw this.#fault;
  }

  async reserve(key: string, input: string, ttlMs: number): Promise<Reservation> {
    checkName('a delivery key', key);
    if (this.#fault !== undefined) throw this.#fault;
    if (this.#closed !== undefined) {
      throw new DiagnosticError([diagnostic.CAP108({ call: 'journal.reserve' })]);
    }
    return this.#keeper.reserve(this, key, input, ttlMs);
  }

  release(key: string): void {
    this.released.push(key);
  }

  onEvent(listener: (event: DeliveredEvent) => void): void {
    this.#listeners.push(listener);
    for (const event of [...this.#arrived]) if (!this.#consumed.has(event.id)) listener(event);
  }

  /** An event came in. */
  arrive(event: DeliveredEvent): void {
    if (this.#consumed.has(event.id) || this.#arrived.some(({ id }) => id === event.id)) return;
    this.#arrived.push(event);
    for (const listener of [...this.#listeners]) listener(event);
  }

  /** Nothing is written any more. */
  fail(fault: DiagnosticError): void {
    this.#fault ??= fault;
  }

  /** Somebody else has the run: JRNL008. */
  loseTo(owner: string): void {
    const lost = new DiagnosticError([diagnostic.JRNL008({ run: this.runId, owner })]);
    this.fail(lost);
    this.#lost.abort(lost);
  }

  /** The store that it was opened in is gone. */
  loseStore(fault: DiagnosticError): void {
    this.fail(fault);
    this.#lost.abort(fault);
  }

  /** Somebody asks for its end: JRNL009. */
  cancel(reason: string): void {
    this.#lost.abort(new DiagnosticError([diagnostic.JRNL009({ run: this.runId, reason })]));
  }

  close(): Promise<void> {
    this.#closed ??= this.#keeper.leave(this);
    return this.#closed;
  }

  #consume(record: RunRecord): void {
    if (record.kind !== 'resumed' || record.eventId === undefined) return;
    this.#consumed.add(record.eventId);
    const at = this.#arrived.findIndex(({ id }) => id === record.eventId);
    if (at >= 0) this.#arrived.splice(at, 1);
  }
}

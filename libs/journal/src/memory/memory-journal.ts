// Journals in memory, for tests and for `dev`: what every store does, without the disk. Nothing is left
// of them when the process ends.
import { DiagnosticError, diagnostic } from '@basalt/diagnostics';
import type { Reservation, RunRecord } from '@basalt/executor';
import { decodeCanonical } from '@basalt/ir';
import type {
  DeliveredEvent,
  JournalFault,
  JournalStore,
  OwnedJournal,
  RunInfo,
  RunPage,
  RunQuery,
  RunStart,
} from '../journal-store.js';
import { cancelledRecord } from '../cancelled-record.js';
import { MAX_ARCHIVED_RUN_BYTES, MAX_RECORD_BYTES } from '../journal-limits.js';
import { OwnedRun, type RunKeeper } from '../owned-run.js';
import { readArchive, writeArchive, type StoredRun } from '../records/run-archive.js';
import { decodeEvent, encodeEvent } from '../records/event-bytes.js';
import { readRun } from '../records/read-run.js';
import { recordBody, writeFrame } from '../records/run-frame.js';
import {
  afterRecord,
  afterStart,
  noProgress,
  runInfo,
  statusOf,
  type RunProgress,
} from '../records/run-progress.js';
import { startBody, storeDocument } from '../records/start-frame.js';
import { chooseForPruning, type PrunePolicy } from '../prune-policy.js';
import { checkName } from '../run-names.js';
import { listPosition, pageToken, readQuery } from '../run-query.js';
import { MemoryLedger } from './memory-ledger.js';

export interface MemoryJournalOptions {
  /** Bytes of the largest record; 16 MiB when absent. */
  readonly maxRecordBytes?: number | undefined;
  /** Milliseconds since the epoch, for what other parties add; the system's when absent. */
  readonly now?: (() => number) | undefined;
}

interface MemoryRun {
  readonly number: number;
  readonly runId: string;
  readonly start: RunStart;
  readonly document: Uint8Array;
  readonly frames: Uint8Array[];
  readonly events: DeliveredEvent[];
  progress: RunProgress;
  resumptions: number;
  owner: OwnedRun | undefined;
  cancel: string | undefined;
}

const OWNER = 'this process';

class MemoryJournal implements JournalStore, RunKeeper {
  readonly kind = 'memory';
  readonly maxRecordBytes: number;
  readonly #now: () => number;
  readonly #runs = new Map<string, MemoryRun>();
  readonly #ledger: MemoryLedger;
  #number = 0;
  #closed = false;

  constructor(options: MemoryJournalOptions) {
    this.maxRecordBytes = options.maxRecordBytes ?? MAX_RECORD_BYTES;
    this.#now = options.now ?? Date.now;
    this.#ledger = new MemoryLedger(this.#now, (runId) => {
      const run = this.#runs.get(runId);
      return run !== undefined && run.progress.outcome === undefined;
    });
  }

  async create(start: RunStart): Promise<OwnedJournal> {
    this.#check('journal.create');
    checkName('a run id', start.runId);
    if (this.#runs.has(start.runId)) {
      throw new DiagnosticError([diagnostic.JRNL001({ run: start.runId })]);
    }
    const { hash, bytes } = storeDocument(start.flowDocument);
    const empty = noProgress(start.runId);
    const frame = writeFrame(empty.chain, startBody(start, hash));
    const run: MemoryRun = {
      number: (this.#number += 1),
      runId: start.runId,
      start,
      document: bytes,
      frames: [frame.bytes],
      events: [],
      progress: afterStart(empty, frame.bytes.length, frame.chain),
      resumptions: 0,
      owner: undefined,
      cancel: undefined,
    };
    this.#runs.set(run.runId, run);
    return this.#own(run);
  }

  async open(runId: string): Promise<OwnedJournal> {
    const run = this.#known('journal.open', runId);
    if (run.progress.outcome !== undefined) {
      const params = { run: runId, status: run.progress.outcome };
      throw new DiagnosticError([diagnostic.JRNL003(params)]);
    }
    if (run.owner !== undefined) {
      throw new DiagnosticError([diagnostic.JRNL004({ run: runId, owner: OWNER })]);
    }
    run.resumptions += 1;
    return this.#own(run);
  }

  async info(runId: string): Promise<RunInfo | undefined> {
    this.#check('journal.info');
    const run = this.#runs.get(runId);
    return run && this.#infoOf(run);
  }

  async start(runId: string): Promise<RunStart | undefined> {
    this.#check('journal.start');
    return this.#runs.get(runId)?.start;
  }

  async records(runId: string): Promise<readonly RunRecord[]> {
    return this.#read(this.#known('journal.records', runId));
  }

  async list(query: RunQuery = {}): Promise<RunPage> {
    this.#check('journal.list');
    const { limit, after } = readQuery(query);
    const found = [...this.#runs.values()]
      .map((run) => ({ run, at: listPosition(run.start.startedAt, run.number) }))
      .sort((a, b) => b.at.startedAt - a.at.startedAt || b.at.number - a.at.number)
      .filter(
        ({ at }) =>
          after === undefined ||
          at.startedAt < after.startedAt ||
          (at.startedAt === after.startedAt && at.number < after.number),
      )
      .map(({ run, at }) => ({ info: this.#infoOf(run), at }))
      .filter(({ info }) => query.status === undefined || info.status === query.status)
      .filter(
        ({ info }) => query.flow === undefined || [info.flowName, info.flowId].includes(query.flow),
      );
    const runs = found.slice(0, limit);
    return {
      runs: runs.map(({ info }) => info),
      ...(found.length > limit ? { next: pageToken(runs.at(-1)!.at) } : {}),
    };
  }

  async cancel(runId: string, reason: string): Promise<'asked' | 'cancelled' | 'ended'> {
    const run = this.#known('journal.cancel', runId);
    if (run.progress.outcome !== undefined) return 'ended';
    run.cancel ??= reason;
    if (run.owner !== undefined) {
      run.owner.cancel(run.cancel);
      return 'asked';
    }
    const record = cancelledRecord(runId, reason, this.#now());
    const frame = writeFrame(run.progress.chain, recordBody(record));
    run.frames.push(frame.bytes);
    run.progress = afterRecord(run.progress, record, frame.bytes.length, frame.chain);
    return 'cancelled';
  }

  async deliver(runId: string, event: Omit<DeliveredEvent, 'at'>): Promise<boolean> {
    const run = this.#known('journal.deliver', runId);
    checkName('an event id', event.id);
    if (run.progress.outcome !== undefined) {
      const params = { run: runId, status: run.progress.outcome };
      throw new DiagnosticError([diagnostic.JRNL003(params)]);
    }
    if (run.events.some(({ id }) => id === event.id)) return false;
    const delivered = decodeEvent(encodeEvent({ ...event, at: this.#now() }));
    run.events.push(delivered);
    run.owner?.arrive(delivered);
    return true;
  }

  async verify(): Promise<readonly JournalFault[]> {
    this.#check('journal.verify');
    return [];
  }

  async prune(policy: PrunePolicy): Promise<number> {
    this.#check('journal.prune');
    const ended = [...this.#runs.values()]
      .filter(({ progress }) => progress.outcome !== undefined)
      .sort((a, b) => b.start.startedAt - a.start.startedAt || b.number - a.number)
      .map((run) => ({
        runId: run.runId,
        flow: run.start.flow.name,
        endedAt: run.progress.endedAt!,
      }));
    const chosen = chooseForPruning(ended, policy);
    for (const runId of chosen) this.#runs.delete(runId);
    return chosen.length;
  }

  async compact(): Promise<{ before: number; after: number }> {
    this.#check('journal.compact');
    let bytes = 0;
    for (const { progress } of this.#runs.values()) bytes += progress.bytes;
    return { before: bytes, after: bytes };
  }

  exportRuns(runIds?: readonly string[]): AsyncIterable<Uint8Array> {
    this.#check('journal.export');
    const chosen = runIds ?? [...this.#runs.keys()];
    const known = (runId: string) => this.#known('journal.export', runId);
    return writeArchive(
      (async function* (): AsyncGenerator<StoredRun> {
        for (const runId of chosen) yield known(runId);
      })(),
    );
  }

  async importRuns(chunks: AsyncIterable<Uint8Array>): Promise<readonly string[]> {
    this.#check('journal.import');
    const taken: string[] = [];
    for await (const archived of readArchive(chunks, MAX_ARCHIVED_RUN_BYTES)) {
      const { runId, document, frames, events, resumptions, read } = archived;
      if (this.#runs.has(runId)) continue;
      this.#runs.set(runId, {
        number: (this.#number += 1),
        runId,
        start: { ...read.start.start, flowDocument: decodeCanonical(document) },
        document,
        frames: [...frames],
        events: [...events],
        progress: read.progress,
        resumptions,
        owner: undefined,
        cancel: undefined,
      });
      taken.push(runId);
    }
    return taken;
  }

  async close(): Promise<void> {
    for (const { owner } of this.#runs.values()) await owner?.close().catch(() => undefined);
    this.#closed = true;
  }

  async commit(run: OwnedRun): Promise<void> {
    this.#check('journal.flush');
    const kept = this.#runs.get(run.runId)!;
    for (const { bytes, record, progress } of run.pending.splice(0)) {
      kept.frames.push(bytes);
      kept.progress = progress;
      if (record.kind === 'result' && record.completes !== undefined) {
        this.#ledger.complete(run.runId, record.completes);
      }
    }
    for (const key of run.released.splice(0)) this.#ledger.release(run.runId, key);
  }

  async reserve(run: OwnedRun, key: string, input: string, ttlMs: number): Promise<Reservation> {
    this.#check('journal.reserve');
    return this.#ledger.reserve(run.runId, key, input, ttlMs);
  }

  async leave(run: OwnedRun): Promise<void> {
    if (run.fault === undefined) await run.commit();
    const kept = this.#runs.get(run.runId);
    if (kept?.owner === run) kept.owner = undefined;
  }

  #own(run: MemoryRun): OwnedRun {
    const { start, events, progress } = run;
    run.owner = new OwnedRun({ start, history: this.#read(run), progress, events }, this);
    if (run.cancel !== undefined) run.owner.cancel(run.cancel);
    return run.owner;
  }

  #read(run: MemoryRun): readonly RunRecord[] {
    return readRun(run.runId, run.frames).records;
  }

  #infoOf(run: MemoryRun): RunInfo {
    const live = run.owner !== undefined;
    const holding = live ? 'live' : 'parked';
    const status = statusOf(run.progress, holding, run.cancel !== undefined);
    return runInfo(run.start, run.progress, status, run.resumptions, live ? OWNER : undefined);
  }

  #known(call: string, runId: string): MemoryRun {
    this.#check(call);
    const run = this.#runs.get(runId);
    if (run === undefined) throw new DiagnosticError([diagnostic.JRNL002({ run: runId })]);
    return run;
  }

  #check(call: string): void {
    if (this.#closed) throw new DiagnosticError([diagnostic.CAP108({ call })]);
  }
}

/** A store in memory. */
export function memoryJournal(options: MemoryJournalOptions = {}): JournalStore {
  return new MemoryJournal(options);
}

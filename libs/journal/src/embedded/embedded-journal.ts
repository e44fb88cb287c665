// Journals in one folder on a local disk, which several processes may use at a time.
import { DiagnosticError, diagnostic } from '@basalt/diagnostics';
import type { RunRecord } from '@basalt/executor';
import { cancelledRecord } from '../cancelled-record.js';
import { MAX_ARCHIVED_RUN_BYTES, MAX_RECORD_BYTES } from '../journal-limits.js';
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
import { OwnedRun } from '../owned-run.js';
import { chooseForPruning, type PrunePolicy } from '../prune-policy.js';
import { encodeEvent } from '../records/event-bytes.js';
import { readArchive, writeArchive, type StoredRun } from '../records/run-archive.js';
import { readRun } from '../records/read-run.js';
import { recordBody, writeFrame } from '../records/run-frame.js';
import { afterRecord, afterStart, noProgress } from '../records/run-progress.js';
import { startBody, storeDocument } from '../records/start-frame.js';
import { checkName } from '../run-names.js';
import { listPosition, pageToken, readQuery } from '../run-query.js';
import { signalOwner } from './journal-owner.js';
import { compactFolder } from './compact-folder.js';
import { openOwnedFolder, type OwnedFolder } from './open-owner.js';
import { LEASE_MS } from './owner-rows.js';
import {
  eventsOf,
  framesOf,
  keepDocument,
  nextNumber,
  putEvent,
  putFrame,
  putIntoLists,
  putRow,
  readRow,
  removeFromLists,
  removeRun,
  rowsOfList,
  type RunRow,
} from './run-rows.js';
import { putArchived, storedRun } from './archived-runs.js';
import {
  checked,
  endedRuns,
  infoOf,
  listFor,
  rowOf,
  startOf,
  type LiveOwners,
} from './run-views.js';
import { findDamage, mendRun, numbersOf, runIdsByNumber } from './verify-runs.js';

export interface EmbeddedJournalOptions {
  /** Bytes of the largest record; 16 MiB when absent. */
  readonly maxRecordBytes?: number | undefined;
  /** Milliseconds since the epoch, for what other parties add and the ledger; the system's when absent. */
  readonly now?: (() => number) | undefined;
  /** Writes are refused (CAP107) when the disk has less free space than this; 16 MiB when absent. */
  readonly minFreeBytes?: number | undefined;
  /** Bytes of the log of this process, a multiple of 4096; 1 MiB when absent. */
  readonly logBytes?: number | undefined;
  /** Milliseconds without a sign of life after which an owner in another container is dead; 30 000 when
   * absent. Owners whose processes can be seen are dead as soon as these are gone. */
  readonly leaseMs?: number | undefined;
}

const LOG_BYTES = 2 ** 20;
const ROW_BYTES = 2048;
const PRUNE_PER_COMMIT = 200;
const CHECK_PER_TURN = 100;

class EmbeddedJournal implements JournalStore {
  readonly kind = 'embedded';
  readonly #folder: OwnedFolder;
  readonly #now: () => number;
  #closed: Promise<void> | undefined;

  constructor(folder: OwnedFolder, now: () => number) {
    this.#folder = folder;
    this.#now = now;
  }

  async create(start: RunStart): Promise<OwnedJournal> {
    this.#check('journal.create');
    checkName('a run id', start.runId);
    const document = storeDocument(start.flowDocument);
    const empty = noProgress(start.runId);
    const frame = writeFrame(empty.chain, startBody(start, document.hash));
    const progress = afterStart(empty, frame.bytes.length, frame.chain);
    const { owner, store } = this.#folder;
    const bytes = frame.bytes.length + document.bytes.length + ROW_BYTES;
    const number = await store.transact('journal.create', bytes, (tables) => {
      if (readRow(tables, start.runId) !== undefined) return undefined;
      const row = { ...rowOf(start, document.hash), number: nextNumber(tables), progress };
      putRow(tables, { ...row, owner: owner.id });
      putIntoLists(tables, row);
      putFrame(tables, row.number, 0, frame.bytes);
      keepDocument(tables, document);
      return row.number;
    });
    if (number === undefined) {
      throw new DiagnosticError([diagnostic.JRNL001({ run: start.runId })]);
    }
    return owner.hold(new OwnedRun({ start, history: [], progress, events: [] }, owner), number);
  }

  async open(runId: string): Promise<OwnedJournal> {
    const live = await this.#upToDate('journal.open');
    const { owner, store } = this.#folder;
    const taken = await store.transact('journal.open', ROW_BYTES, (tables) => {
      const row = readRow(tables, runId);
      if (row === undefined) return { fault: diagnostic.JRNL002({ run: runId }) };
      const status = row.progress.outcome;
      if (status !== undefined) return { fault: diagnostic.JRNL003({ run: runId, status }) };
      // A live owner may have come since; then its row is there, and it was not in `live`.
      const holder = row.owner;
      if (holder !== undefined && live.has(holder)) {
        return { fault: diagnostic.JRNL004({ run: runId, owner: live.get(holder)! }) };
      }
      if (holder !== undefined && tables('owners').doesExist(Buffer.from(holder, 'hex'))) {
        return { fault: diagnostic.JRNL004({ run: runId, owner: 'another process' }) };
      }
      const read = checked(row, readRun(runId, framesOf(tables, row.number)));
      if ('code' in read) return { fault: read };
      const start = startOf(tables, row, read);
      if ('code' in start) return { fault: start };
      const events = eventsOf(tables, row.number);
      putRow(tables, { ...row, owner: owner.id, resumptions: row.resumptions + 1 });
      return { row, start, read, events };
    });
    if (taken.fault !== undefined) throw new DiagnosticError([taken.fault]);
    const { row, start, read, events } = taken;
    const { records: history, progress } = read;
    const run = owner.hold(new OwnedRun({ start, history, progress, events }, owner), row.number);
    if (row.cancel !== undefined) run.cancel(row.cancel);
    return run;
  }

  async info(runId: string): Promise<RunInfo | undefined> {
    const live = await this.#upToDate('journal.info');
    return this.#folder.store.read('journal.info', (tables) => {
      const row = readRow(tables, runId);
      return row && infoOf(row, live);
    });
  }

  async start(runId: string): Promise<RunStart | undefined> {
    this.#check('journal.start');
    const start = await this.#folder.store.read('journal.start', (tables) => {
      const row = readRow(tables, runId);
      return row && startOf(tables, row, readRun(runId, framesOf(tables, row.number).slice(0, 1)));
    });
    if (start !== undefined && 'code' in start) throw new DiagnosticError([start]);
    return start;
  }

  async records(runId: string): Promise<readonly RunRecord[]> {
    await this.#upToDate('journal.records');
    const read = await this.#folder.store.read('journal.records', (tables) => {
      const row = readRow(tables, runId);
      return row && checked(row, readRun(runId, framesOf(tables, row.number)));
    });
    if (read === undefined) throw unknown(runId);
    if ('code' in read) throw new DiagnosticError([read]);
    return read.records;
  }

  async list(query: RunQuery = {}): Promise<RunPage> {
    this.#check('journal.list');
    const { limit, after } = readQuery(query);
    const live = await this.#upToDate('journal.list');
    return this.#folder.store.read('journal.list', (tables) => {
      const runs: RunInfo[] = [];
      let last: RunRow | undefined;
      for (const row of rowsOfList(tables, listFor(query), after)) {
        const info = infoOf(row, live);
        if (query.status !== undefined && info.status !== query.status) continue;
        if (runs.length === limit) {
          return { runs, next: pageToken(listPosition(last!.startedAt, last!.number)) };
        }
        runs.push(info);
        last = row;
      }
      return { runs };
    });
  }

  async cancel(runId: string, reason: string): Promise<'asked' | 'cancelled' | 'ended'> {
    const live = await this.#upToDate('journal.cancel');
    const record = cancelledRecord(runId, reason, this.#now());
    const answer = await this.#folder.store.transact('journal.cancel', 0, (tables) => {
      const row = readRow(tables, runId);
      if (row === undefined) return undefined;
      if (row.progress.outcome !== undefined) return 'ended' as const;
      if (row.owner !== undefined && live.has(row.owner)) {
        if (row.cancel === undefined) putRow(tables, { ...row, cancel: reason });
        signalOwner(tables, row.owner, row.number);
        return row;
      }
      const frame = writeFrame(row.progress.chain, recordBody(record));
      const progress = afterRecord(row.progress, record, frame.bytes.length, frame.chain);
      putFrame(tables, row.number, progress.records, frame.bytes);
      removeFromLists(tables, row);
      const next = { ...row, progress, owner: undefined, cancel: row.cancel ?? reason };
      putIntoLists(tables, next);
      putRow(tables, next);
      return 'cancelled' as const;
    });
    if (answer === undefined) throw unknown(runId);
    if (typeof answer === 'string') return answer;
    await this.#noticeHere(answer);
    return 'asked';
  }

  async deliver(runId: string, event: Omit<DeliveredEvent, 'at'>): Promise<boolean> {
    this.#check('journal.deliver');
    checkName('an event id', event.id);
    await this.#folder.settle();
    const delivered = { ...event, at: this.#now() };
    const bytes = encodeEvent(delivered).length + ROW_BYTES;
    const answer = await this.#folder.store.transact('journal.deliver', bytes, (tables) => {
      const row = readRow(tables, runId);
      if (row === undefined) return { fault: diagnostic.JRNL002({ run: runId }) };
      const status = row.progress.outcome;
      if (status !== undefined) return { fault: diagnostic.JRNL003({ run: runId, status }) };
      if (eventsOf(tables, row.number).some(({ id }) => id === event.id)) return undefined;
      putEvent(tables, row.number, delivered);
      if (row.owner !== undefined) signalOwner(tables, row.owner, row.number);
      return { row };
    });
    if (answer === undefined) return false;
    if (answer.fault !== undefined) throw new DiagnosticError([answer.fault]);
    await this.#noticeHere(answer.row);
    return true;
  }

  async verify({ repair = false } = {}): Promise<readonly JournalFault[]> {
    const live = await this.#upToDate('journal.verify');
    const { store } = this.#folder;
    const { ids, numbers } = await store.read('journal.verify', (tables) => {
      const found = runIdsByNumber(tables);
      return { ids: found, numbers: numbersOf(tables, found) };
    });
    const faults: JournalFault[] = [];
    for (let at = 0; at < numbers.length; at += CHECK_PER_TURN) {
      const some = numbers.slice(at, at + CHECK_PER_TURN);
      const damaged = await store.read('journal.verify', (tables) =>
        some.flatMap((number) => findDamage(tables, number, ids.get(number)) ?? []),
      );
      for (const { fault, number } of damaged) {
        const repaired = repair && (await this.#mend(number, ids.get(number), live));
        faults.push({ ...fault, repaired });
      }
      // Others have their turn: there may be many runs.
      await new Promise((resolve) => setImmediate(resolve));
    }
    return faults;
  }

  #mend(number: number, runId: string | undefined, live: LiveOwners): Promise<boolean> {
    return this.#folder.store.transact('journal.verify', 0, (tables) => {
      const damaged = findDamage(tables, number, runId);
      if (damaged === undefined) return true;
      // What a live owner does with the run would undo the repair, or be undone by it.
      const owner = damaged.row?.owner;
      return (owner === undefined || !live.has(owner)) && mendRun(tables, damaged);
    });
  }

  async prune(policy: PrunePolicy): Promise<number> {
    await this.#upToDate('journal.prune');
    const { store } = this.#folder;
    const chosen = await store.read('journal.prune', (tables) =>
      chooseForPruning(endedRuns(tables), policy),
    );
    let removed = 0;
    for (let at = 0; at < chosen.length; at += PRUNE_PER_COMMIT) {
      const some = chosen.slice(at, at + PRUNE_PER_COMMIT);
      removed += await store.transact('journal.prune', 0, (tables) => {
        const rows = some.flatMap((runId) => readRow(tables, runId) ?? []);
        for (const row of rows) removeRun(tables, row);
        return rows.length;
      });
    }
    return removed;
  }

  async compact(): Promise<{ before: number; after: number }> {
    const live = await this.#upToDate('journal.compact');
    return compactFolder(this.#folder, live);
  }

  exportRuns(runIds?: readonly string[]): AsyncIterable<Uint8Array> {
    this.#check('journal.export');
    return writeArchive(this.#storedRuns(runIds));
  }

  async importRuns(chunks: AsyncIterable<Uint8Array>): Promise<readonly string[]> {
    this.#check('journal.import');
    const taken: string[] = [];
    for await (const archived of readArchive(chunks, MAX_ARCHIVED_RUN_BYTES)) {
      const bytes = archived.read.progress.bytes + archived.document.length + ROW_BYTES;
      const isNew = await this.#folder.store.transact('journal.import', bytes, (tables) =>
        putArchived(tables, archived),
      );
      if (isNew) taken.push(archived.runId);
    }
    return taken;
  }

  close(): Promise<void> {
    this.#closed ??= this.#folder.close();
    return this.#closed;
  }

  async *#storedRuns(runIds: readonly string[] | undefined): AsyncGenerator<StoredRun> {
    await this.#upToDate('journal.export');
    const { store } = this.#folder;
    const chosen =
      runIds ??
      (await store.read('journal.export', (tables) =>
        [...rowsOfList(tables, { kind: 'all' }, undefined)].map(({ runId }) => runId),
      ));
    for (const runId of chosen) {
      const stored = await store.read('journal.export', (tables) => storedRun(tables, runId));
      if (stored === undefined) throw unknown(runId);
      yield stored;
    }
  }

  /** Tells the owner of a run at once, where it is in this process. */
  async #noticeHere({ owner, number }: RunRow): Promise<void> {
    const here = owner === undefined ? undefined : this.#folder.ownerHere(owner);
    if (here === undefined) return;
    await this.#folder.store.read('journal.signals', (tables) => here.notice(tables, number));
  }

  /** After it, the tables hold what this process and dead ones have logged; gives the live owners. */
  async #upToDate(call: string): Promise<LiveOwners> {
    this.#check(call);
    await this.#folder.settle();
    return this.#folder.liveOwners();
  }

  #check(call: string): void {
    if (this.#closed !== undefined) throw new DiagnosticError([diagnostic.CAP108({ call })]);
  }
}

function unknown(runId: string): DiagnosticError {
  return new DiagnosticError([diagnostic.JRNL002({ run: runId })]);
}

/** Opens the journals of a folder, which is made when missing. @throws CAP105 or CAP106 where it cannot
 * hold them, CAP107 where the disk is full. */
export async function openEmbeddedJournal(
  folder: string,
  options: EmbeddedJournalOptions = {},
): Promise<JournalStore> {
  const now = options.now ?? Date.now;
  const opened = await openOwnedFolder(folder, {
    maxRecordBytes: options.maxRecordBytes ?? MAX_RECORD_BYTES,
    now,
    logBytes: options.logBytes ?? LOG_BYTES,
    leaseMs: options.leaseMs ?? LEASE_MS,
    minFreeBytes: options.minFreeBytes,
  });
  return new EmbeddedJournal(opened, now);
}

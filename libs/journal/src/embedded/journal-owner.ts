// One store that has a folder open, as the owner of runs: what its runs append is committed here.
//
// A record is durable when its flush has resolved. It goes by one of two ways:
// - into the log of this process, which is one flush to disk for all runs of a turn; this is how the
//   steps and the end of a run go, and they get into the tables later, many runs in one commit;
// - into the tables, in one commit with what it changes there: a result that completes a key of the
//   delivery ledger, a key that is given back, and the lease of a run that has not ended.
import { DiagnosticError, diagnostic } from '@basalt/diagnostics';
import type { TableStore, Tables } from '@basalt/capabilities';
import type { Reservation } from '@basalt/executor';
import type { OwnedRun, PendingFrame, RunKeeper } from '../owned-run.js';
import { logPath } from './absorb-log.js';
import type { RunProgress } from '../records/run-progress.js';
import { completeKey, ledgerSweep, releaseKey, reserveKey, sweepLedger } from './ledger-rows.js';
import { ownerName, putOwner, readOwner, removeOwner, type OwnerRow } from './owner-rows.js';
import {
  eventsOf,
  putFrame,
  putIntoLists,
  putRow,
  readRow,
  removeFromLists,
  type RunRow,
} from './run-rows.js';
import { WriteAheadLog } from './write-ahead-log.js';

export interface OwnerOptions {
  readonly maxRecordBytes: number;
  readonly now: () => number;
  /** Bytes of the log of this process. */
  readonly logBytes: number;
}

/** A run that this store has. */
interface HeldRun {
  readonly run: OwnedRun;
  readonly number: number;
  /** Durable in the log, and not in the tables yet; in order. */
  logged: PendingFrame[];
  /** The run was closed after its end; it is forgotten when that is in the tables. */
  left: boolean;
  /** It may hold keys of the ledger, which others get only when its end is in the tables. */
  holdsKeys: boolean;
}

interface Waiter {
  resolve(): void;
  reject(error: unknown): void;
}

/** Milliseconds that a record is in the log alone, where nothing else brings it into the tables. */
const SETTLE_MS = 1_000;
const HEARTBEAT_MS = 5_000;
const SIGNAL_MS = 250;
/** Bytes that a row and its keys take beside the frames. */
const ROW_BYTES = 1024;

/** Whether a record must be in the tables when it is acknowledged: other processes decide by it. */
function belongsInTables({ record }: PendingFrame, holdsKeys: boolean): boolean {
  if (record.kind === 'ended') return holdsKeys;
  return record.kind === 'result' && record.completes !== undefined;
}

/** Whether a run has ended, and with these very records. */
function isSame(stored: RunProgress, own: RunProgress): boolean {
  return stored.outcome !== undefined && Buffer.compare(stored.chain, own.chain) === 0;
}

function bytesOf(frames: readonly PendingFrame[]): number {
  return frames.reduce((sum, { bytes }) => sum + bytes.length, ROW_BYTES);
}

export class JournalOwner implements RunKeeper {
  readonly maxRecordBytes: number;
  readonly id: string;
  readonly #row: Omit<OwnerRow, 'heartbeat'>;
  readonly #store: TableStore;
  readonly #options: OwnerOptions;
  readonly #held = new Map<OwnedRun, HeldRun>();
  readonly #sweep;
  #heartbeat = 0;
  #log: WriteAheadLog | undefined;
  #logBroken = false;
  #waiters = new Map<OwnedRun, Waiter[]>();
  #settleTimer: NodeJS.Timeout | undefined;
  #timers: NodeJS.Timeout[] = [];
  #settling: Promise<void> | undefined;

  constructor(store: TableStore, row: Omit<OwnerRow, 'heartbeat'>, options: OwnerOptions) {
    this.#store = store;
    this.#row = row;
    this.#options = options;
    this.id = row.id;
    this.maxRecordBytes = options.maxRecordBytes;
    this.#sweep = store.shared('journal ledger sweep', ledgerSweep);
  }

  /** Writes the row of this owner, in a transaction. */
  register(tables: Tables): void {
    putOwner(tables, { ...this.#row, heartbeat: this.#heartbeat });
  }

  /** Takes a run that the tables say is this owner's. */
  hold(run: OwnedRun, number: number): OwnedRun {
    const holdsKeys = run.history.length > 0;
    this.#held.set(run, { run, number, logged: [], left: false, holdsKeys });
    if (this.#timers.length === 0) this.#startTimers();
    return run;
  }

  commit(run: OwnedRun): Promise<void> {
    const holdsKeys = this.#held.get(run)?.holdsKeys ?? false;
    const forTables = run.pending.some((frame) => belongsInTables(frame, holdsKeys));
    if (forTables || run.released.length > 0 || this.#logBroken) return this.#commitToTables(run);
    return new Promise((resolve, reject) => {
      if (this.#waiters.size === 0) setImmediate(() => void this.#writeLog());
      const waiters = this.#waiters.get(run);
      if (waiters === undefined) this.#waiters.set(run, [{ resolve, reject }]);
      else waiters.push({ resolve, reject });
    });
  }

  async reserve(run: OwnedRun, key: string, input: string, ttlMs: number): Promise<Reservation> {
    const now = this.#options.now();
    const row = { owner: run.runId, input, ttlMs };
    const held = this.#held.get(run);
    if (held !== undefined) held.holdsKeys = true;
    const bytes = key.length + ROW_BYTES;
    const answer = await this.#store.transact('journal.reserve', bytes, (tables) => {
      const lost = this.#lostTo(tables, run);
      if (lost !== undefined) return { lost };
      sweepLedger(tables, this.#sweep, now);
      return reserveKey(tables, key, row, now);
    });
    if ('lost' in answer) {
      run.loseTo(answer.lost);
      throw run.fault!;
    }
    return answer;
  }

  async leave(run: OwnedRun): Promise<void> {
    const held = this.#held.get(run);
    if (held === undefined) return;
    const { fault, progress, pending, released } = run;
    if (progress.outcome !== undefined && fault === undefined) {
      if (pending.length + released.length > 0) await run.commit();
      held.left = true;
      if (held.logged.length === 0) this.#drop(run);
      return;
    }
    // Also where the run has failed: what was acknowledged must get into the tables.
    await this.#commitToTables(run, 'leave');
    this.#drop(run);
  }

  /** Brings everything that is in the log alone into the tables. */
  async settle(): Promise<void> {
    // One that has begun may not have seen the last batch.
    await this.#settling?.catch(() => undefined);
    this.#settling ??= this.#settle().finally(() => {
      this.#settling = undefined;
    });
    await this.#settling;
  }

  /** Gives all runs back, and removes the row and the log. Where the disk refuses that, both stay for
   * the next opener, and the error is thrown. */
  async close(): Promise<void> {
    const left = await Promise.allSettled([...this.#held.keys()].map((run) => run.close()));
    left.push(...(await Promise.allSettled([this.settle()])));
    this.#stopTimers();
    clearTimeout(this.#settleTimer);
    const failed = left.find(({ status }) => status === 'rejected');
    if (failed !== undefined) {
      this.#log?.close();
      throw (failed as PromiseRejectedResult).reason;
    }
    await this.#store.transact('journal.close', 0, (tables) => removeOwner(tables, this.id));
    this.#log?.remove();
  }

  /** Somebody has left a word for a run: a cancellation or an event. */
  notice(tables: Tables, number: number): void {
    const held = [...this.#held.values()].find((one) => one.number === number);
    if (held === undefined) return;
    for (const event of eventsOf(tables, number)) held.run.arrive(event);
    const cancel = readRow(tables, held.run.runId)?.cancel;
    if (cancel !== undefined && !held.run.lost.aborted) held.run.cancel(cancel);
  }

  async #writeLog(): Promise<void> {
    const waiting = this.#waiters;
    this.#waiters = new Map();
    const held = [...waiting.keys()].flatMap((run) => this.#held.get(run) ?? []);
    let written = false;
    try {
      written = this.#appendToLog(held);
    } catch {
      // Whether it is on disk is not known; the tables are asked next, and say what is wrong.
      this.#logBroken = true;
    }
    if (!written) {
      for (const [run, waiters] of waiting) {
        void this.#commitToTables(run).then(
          () => waiters.forEach(({ resolve }) => resolve()),
          (error: unknown) => waiters.forEach(({ reject }) => reject(error)),
        );
      }
      // The file is full, or cannot be used: all that it holds goes with them.
      await this.settle().catch(() => undefined);
      return;
    }
    for (const waiters of waiting.values()) waiters.forEach(({ resolve }) => resolve());
  }

  /** One batch of all frames that are pending; false where the tables must take them. */
  #appendToLog(held: readonly HeldRun[]): boolean {
    const entries = held.flatMap(({ run, number }) =>
      run.pending.map(({ index, bytes }) => ({ runId: run.runId, number, index, bytes })),
    );
    if (entries.length === 0) return true;
    if (this.#log?.append(entries) !== true) return false;
    if (!this.#log.isInPlace()) {
      // Another process holds this one for dead, and has read the log before the write.
      this.#logBroken = true;
      for (const run of this.#held.keys()) run.loseTo('another process');
      return true;
    }
    for (const one of held) one.logged.push(...one.run.pending.splice(0));
    this.#settleTimer ??= setTimeout(() => {
      this.#settleTimer = undefined;
      void this.settle().catch(() => undefined);
    }, SETTLE_MS).unref();
    return true;
  }

  /** Makes the log; without one, everything goes into the tables. */
  async #openLog(): Promise<void> {
    const { logBytes } = this.#options;
    try {
      const path = await logPath(this.#store, this.id);
      await this.#store.files('journal.log', logBytes, async () => {
        this.#log ??= new WriteAheadLog(path, logBytes);
      });
    } catch {
      this.#logBroken = true;
    }
  }

  async #settle(): Promise<void> {
    if (this.#log === undefined && !this.#logBroken && this.#held.size > 0) await this.#openLog();
    const batches = this.#log?.batches;
    if (batches === undefined || batches === 0) return;
    // Asked for again in the transaction, with the number of batches: a run that comes into the log
    // while that is waited for is no part of the first answer, and its frames would be reset away.
    const dirty = () => [...this.#held.values()].filter(({ logged }) => logged.length > 0);
    const bytes = dirty().reduce((sum, { logged }) => sum + bytesOf(logged), 0);
    const done = await this.#store.transact('journal.settle', bytes, (tables) => ({
      batches: this.#log!.batches,
      stored: dirty().map((held) => ({ held, upTo: this.#putFrames(tables, held, held.logged) })),
    }));
    for (const { held, upTo } of done.stored) {
      if (typeof upTo === 'string') {
        held.run.loseTo(upTo);
        held.logged = [];
      } else held.logged = held.logged.filter(({ index }) => index > upTo);
      if (held.left && held.logged.length === 0) this.#drop(held.run);
    }
    // Nothing came in between, as long as commits are synchronous.
    if (this.#log!.batches === done.batches) this.#log!.reset();
  }

  /** Puts frames and the row of a run; gives the last index, or who has taken the run over. */
  #putFrames(
    tables: Tables,
    { run, number }: HeldRun,
    frames: readonly PendingFrame[],
    change: Partial<RunRow> = {},
  ): number | string {
    const row = readRow(tables, run.runId);
    if (row?.number === number && isSame(row.progress, run.progress)) return row.progress.records;
    if (row?.number !== number || row.owner !== this.id) return this.#nameOf(tables, row);
    const last = frames.at(-1);
    for (const { index, bytes } of frames) {
      if (index > row.progress.records) putFrame(tables, number, index, bytes);
    }
    const progress =
      last !== undefined && last.index > row.progress.records ? last.progress : row.progress;
    const next: RunRow = { ...row, progress, ...change };
    if (progress.outcome !== row.progress.outcome) {
      // Nobody owns what has ended: giving the lease back is then no commit of its own.
      delete (next as { owner?: string }).owner;
      removeFromLists(tables, row);
      putIntoLists(tables, next);
    }
    putRow(tables, next);
    return progress.records;
  }

  async #commitToTables(run: OwnedRun, how?: 'leave'): Promise<void> {
    const held = this.#held.get(run);
    if (held === undefined) {
      // Its close has committed everything in the meantime.
      if (run.fault === undefined && run.pending.length === 0) return;
      throw run.fault ?? new DiagnosticError([diagnostic.CAP108({ call: 'journal.flush' })]);
    }
    const released = run.released.splice(0);
    const usable = () => (run.fault === undefined ? run.pending : []);
    const change = how === 'leave' ? { owner: undefined } : {};
    const bytes = how === 'leave' && usable().length === 0 ? 0 : bytesOf(usable());
    const upTo = await this.#store.transact('journal.flush', bytes, (tables) => {
      const frames = [...held.logged, ...usable()];
      const stored = this.#putFrames(tables, held, frames, change);
      if (typeof stored === 'string') return stored;
      const now = this.#options.now();
      for (const { record } of frames) {
        if (record.kind === 'result' && record.completes !== undefined) {
          completeKey(tables, run.runId, record.completes, now);
        }
      }
      for (const key of released) releaseKey(tables, run.runId, key);
      return stored;
    });
    if (typeof upTo === 'string') {
      run.loseTo(upTo);
      if (how === 'leave') return;
      throw run.fault!;
    }
    held.logged = held.logged.filter(({ index }) => index > upTo);
    while (run.pending.length > 0 && run.pending[0]!.index <= upTo) run.pending.shift();
  }

  #drop(run: OwnedRun): void {
    this.#held.delete(run);
    if (this.#held.size === 0) this.#stopTimers();
  }

  #lostTo(tables: Tables, run: OwnedRun): string | undefined {
    const row = readRow(tables, run.runId);
    return row?.owner === this.id ? undefined : this.#nameOf(tables, row);
  }

  #nameOf(tables: Tables, row: RunRow | undefined): string {
    if (row === undefined) return 'nobody: it was removed';
    const owner = row.owner === undefined ? undefined : readOwner(tables, row.owner);
    return owner === undefined ? 'another process' : ownerName(owner);
  }

  #startTimers(): void {
    void this.#openLogSoon();
    const beat = setInterval(() => void this.#beat(), HEARTBEAT_MS);
    const signals = setInterval(() => void this.#readSignals(), SIGNAL_MS);
    this.#timers = [beat.unref(), signals.unref()];
  }

  async #openLogSoon(): Promise<void> {
    if (this.#log === undefined && !this.#logBroken) await this.#openLog();
  }

  #stopTimers(): void {
    for (const timer of this.#timers) clearInterval(timer);
    this.#timers = [];
  }

  async #beat(): Promise<void> {
    this.#heartbeat += 1;
    await this.#store
      .transact('journal.heartbeat', 0, (tables) => {
        if (readOwner(tables, this.id) === undefined) return false;
        this.register(tables);
        return true;
      })
      .then((there) => {
        if (!there) for (const run of this.#held.keys()) run.loseTo('another process');
      })
      .catch(() => undefined);
  }

  async #readSignals(): Promise<void> {
    const prefix = Buffer.from(this.id, 'hex');
    const range = { start: prefix, end: Buffer.concat([prefix, Buffer.alloc(9, 0xff)]) };
    const keys = await this.#store
      .read('journal.signals', (tables) => {
        const found = [...tables('signals').getKeys(range)].map((key) => Buffer.from(key));
        for (const key of found) {
          this.notice(tables, Number(key.readBigUInt64BE(prefix.length)));
        }
        return found;
      })
      .catch(() => []);
    if (keys.length === 0) return;
    await this.#store
      .transact('journal.signals', 0, (tables) => {
        for (const key of keys) tables('signals').removeSync(key);
      })
      .catch(() => undefined);
  }
}

/** Leaves word for the owner of a run, in another process. */
export function signalOwner(tables: Tables, ownerId: string, number: number): void {
  const key = Buffer.alloc(24);
  key.set(Buffer.from(ownerId, 'hex'));
  key.writeBigUInt64BE(BigInt(number), 16);
  tables('signals').putSync(key, Buffer.of(1));
}

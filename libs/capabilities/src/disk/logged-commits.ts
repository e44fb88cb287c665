// Commits to LMDB at the price of one flush instead of two: what a transaction changes goes to the log of
// its process first, and LMDB is not flushed but at checkpoints.
//
// The order is kept by LMDB's lock of writers. Under it a transaction changes the tables, writes its
// record to the log of its process with one flush, and then commits to LMDB, which writes to the cache
// of the system only. So
// - what another process sees is in a log, and a commit is acknowledged only after all that it may have
//   seen: the records of all logs together, in the order of their numbers, have no holes;
// - a process that is killed at any instant leaves LMDB as it is for the others; what it had logged and
//   not committed was not acknowledged, and the next commit of anybody takes its place in the order: a
//   record names the commit that it follows, and recovery goes backwards from the last one;
// - after a loss of power LMDB's pages are on disk in part. Recovery sets the database back to the state
//   of the last checkpoint, and does what the logs hold beyond it again (`recover-tables.ts`).
//
// A checkpoint flushes the database and then writes its meta page to a file. The pages of that state must
// stay as they are until the next one, though LMDB uses free pages again. It does not touch pages that a
// reader can see, so a process that writes holds a reader: begun before the transaction whose first act is
// a checkpoint, it sees that state or one before it, and is given up only after the next checkpoint. A
// process that has not written for a second makes a last checkpoint and holds none.
import {
  closeSync,
  constants,
  fdatasync,
  fdatasyncSync,
  openSync,
  readSync,
  readdirSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database, RootDatabase, Transaction } from 'lmdb';
import { CheckpointFile } from './checkpoint-file.js';
import { BLOCK_BYTES } from './flushed-file.js';
import { newestMeta } from './lmdb-meta.js';
import { RECORD_HEADER_BYTES, RedoLog } from './redo-log.js';
import { TableChanges } from './table-changes.js';

/** The key of the number of the last commit that the database has. It stands among the names of the
 * tables, which have no spaces: each commit changes that page anyway. */
export const LAST_COMMIT = Buffer.from('last commit');
/** The folder of the logs, in that of a store. */
export const LOG_FOLDER = 'redo';
export const LOG_SUFFIX = '.log';
/** In the folder of the logs: the number that was given last, which may have no record. */
const COUNTER = 'given';
/** Of a process that writes little, such as a command. */
const SMALL_LOG_BYTES = 16 * BLOCK_BYTES;
const LOG_BYTES = 2 ** 20;
/** Share of the log from which on a checkpoint is due. */
const DUE = 0.75;
/** Share of the log after which the database is flushed beside the work, so that a checkpoint, which
 * everybody waits for, has little left to flush. */
const FLUSH_EVERY = 0.125;
const IDLE_MS = 1_000;

type Root = RootDatabase<Buffer, Buffer>;
type Table = Database<Buffer, Buffer>;

/** The number of a commit as it is stored. */
export function commitBytes(commit: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(commit));
  return bytes;
}

/** Flushes the database and names its newest state as the one that is on disk. Nobody else may write
 * meanwhile. @param data its file. */
export function writeCheckpoint(data: number, checkpoint: CheckpointFile): void {
  fdatasyncSync(data);
  checkpoint.write(newestMeta(data));
}

export class LoggedCommits {
  readonly #folder: string;
  readonly #user: string;
  readonly #checkpoint: CheckpointFile;
  readonly #counter: number;
  readonly #changes = new TableChanges(RECORD_HEADER_BYTES);
  #root: Root;
  #data: number;
  /** Keeps the pages of the last checkpoint; there while this process writes. */
  #reader: Transaction | undefined;
  /** Begun before this transaction, which makes a checkpoint before its first change. */
  #nextReader: Transaction | undefined;
  #log: RedoLog | undefined;
  #logs = 0;
  #timer: NodeJS.Timeout | undefined;
  #wroteAt = 0;
  #flushing: Promise<void> | undefined;
  /** Bytes of the log at which the next flush beside the work begins. */
  #flushAt = 0;

  private constructor(folder: string, user: string, root: Root, checkpoint: CheckpointFile) {
    this.#folder = folder;
    this.#user = user;
    this.#checkpoint = checkpoint;
    const { O_CREAT, O_RDWR } = constants;
    this.#counter = openSync(join(folder, LOG_FOLDER, COUNTER), O_CREAT | O_RDWR, 0o600);
    this.#root = root;
    this.#data = openData(folder);
  }

  /** @param folder of the store. @param user names this process among its users. */
  static async open(folder: string, user: string, root: Root): Promise<LoggedCommits> {
    await mkdir(join(folder, LOG_FOLDER), { recursive: true });
    const checkpoint = await CheckpointFile.open(join(folder, 'lmdb'));
    return new LoggedCommits(folder, user, root, checkpoint);
  }

  /** Has the changes of a table logged. */
  watch(name: string, table: Table): void {
    const put = table.putSync.bind(table);
    const remove = table.removeSync.bind(table) as (key: Buffer) => boolean;
    table.putSync = (key: Buffer, value: Buffer) => {
      this.#beforeChange();
      this.#changes.put(name, key, value);
      return put(key, value);
    };
    table.removeSync = (key: Buffer) => {
      this.#beforeChange();
      this.#changes.remove(name, key);
      return remove(key);
    };
  }

  /** Runs `body` in a transaction; when it returns, the changes are on disk. */
  transact<T>(body: () => T): T {
    this.#changes.clear();
    const due = this.#log !== undefined && this.#log.used >= DUE * this.#log.size;
    if (this.#reader === undefined || due) this.#nextReader = this.#root.useReadTransaction();
    let logged = false;
    try {
      return this.#root.transactionSync(() => {
        const result = body();
        if (!this.#changes.isEmpty) {
          this.#append();
          logged = true;
        }
        return result;
      });
    } catch (error) {
      if (logged) this.#log!.takeBack();
      throw error;
    } finally {
      this.#nextReader?.done();
      this.#nextReader = undefined;
    }
  }

  /** Makes a table that may be missing: LMDB does that by a commit of its own. */
  makeTable(make: () => void): void {
    this.#nextReader = this.#root.useReadTransaction();
    try {
      this.#root.transactionSync(() => this.#beforeChange());
      make();
    } finally {
      this.#nextReader?.done();
      this.#nextReader = undefined;
    }
    this.#later();
  }

  /** Makes a last checkpoint, after which the database needs no log. */
  rest(): void {
    if (this.#reader === undefined) return;
    this.#root.transactionSync(() => this.#makeCheckpoint());
    this.#reader.done();
    this.#reader = undefined;
  }

  /** The database is about to be closed and replaced by another one, all of which is on disk. */
  async release(): Promise<void> {
    this.rest();
    this.#checkpoint.write(undefined);
    await this.#flushing;
    closeSync(this.#data);
  }

  /** The database is open again. */
  adopt(root: Root): void {
    this.#root = root;
    this.#data = openData(this.#folder);
  }

  /** Ends this process's use, before the database is closed. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#flushing;
    try {
      this.rest();
      this.#log?.remove();
    } catch (error) {
      // What is logged stays for the next opener.
      this.#log?.close();
      throw error;
    } finally {
      this.#checkpoint.close();
      closeSync(this.#counter);
      closeSync(this.#data);
    }
  }

  #beforeChange(): void {
    if (this.#nextReader === undefined) return;
    const first = this.#reader === undefined;
    this.#makeCheckpoint();
    this.#reader?.done();
    this.#reader = this.#nextReader;
    this.#nextReader = undefined;
    if (first) this.#removeDeadLogs();
    else if (this.#log !== undefined && this.#log.size < LOG_BYTES) this.#growLog();
  }

  #growLog(): void {
    try {
      this.#replaceLog(LOG_BYTES);
    } catch {
      // The disk is nearly full: the small one does, with more checkpoints.
    }
  }

  #makeCheckpoint(): void {
    writeCheckpoint(this.#data, this.#checkpoint);
    this.#log?.reset();
    this.#flushAt = FLUSH_EVERY * LOG_BYTES;
  }

  /** Logs of processes that are gone: everything in them is in the checkpoint that was just made. */
  #removeDeadLogs(): void {
    const users = readdirSync(join(this.#folder, 'users')).join(' ');
    for (const name of readdirSync(join(this.#folder, LOG_FOLDER))) {
      const [user] = name.split('~');
      if (!name.endsWith(LOG_SUFFIX) || users.includes(user!)) continue;
      rmSync(join(this.#folder, LOG_FOLDER, name), { force: true });
    }
  }

  #append(): void {
    const { memory, end } = this.#changes;
    this.#log ??= this.#newLog(SMALL_LOG_BYTES);
    if (!this.#log.fits(end)) this.#makeCheckpoint();
    if (!this.#log.fits(end)) this.#replaceLog(2 * Math.ceil(end / BLOCK_BYTES) * BLOCK_BYTES);
    const last = this.#root.get(LAST_COMMIT)?.readBigUInt64LE(0) ?? 0n;
    const commit = this.#nextNumber(Number(last));
    this.#root.putSync(LAST_COMMIT, commitBytes(commit));
    this.#log.append(commit, Number(last), memory, end);
    this.#flushBeside(this.#log);
    this.#later();
  }

  /** Only what a checkpoint flushes counts: a failure here is met again there. */
  #flushBeside(log: RedoLog): void {
    if (log.size < LOG_BYTES || log.used < this.#flushAt || this.#flushing !== undefined) return;
    this.#flushAt = log.used + FLUSH_EVERY * log.size;
    this.#flushing = new Promise((resolve) => {
      fdatasync(this.#data, () => {
        this.#flushing = undefined;
        resolve();
      });
    });
  }

  /** A number that no commit has had, whether it came to its end or not. */
  #nextNumber(last: number): number {
    const bytes = Buffer.alloc(8);
    readSync(this.#counter, bytes, 0, 8, 0);
    const next = Math.max(last, Number(bytes.readBigUInt64LE(0))) + 1;
    writeSync(this.#counter, commitBytes(next), 0, 8, 0);
    return next;
  }

  #newLog(size: number): RedoLog {
    this.#logs += 1;
    const name = `${this.#user}~${this.#logs}${LOG_SUFFIX}`;
    return new RedoLog(join(this.#folder, LOG_FOLDER, name), size);
  }

  /** Only after a checkpoint. */
  #replaceLog(size: number): void {
    const log = this.#newLog(size);
    this.#log?.remove();
    this.#log = log;
  }

  #later(): void {
    this.#wroteAt = performance.now();
    this.#timer ??= setTimeout(() => this.#restWhenIdle(), IDLE_MS).unref();
  }

  #restWhenIdle(): void {
    this.#timer = undefined;
    const left = this.#wroteAt + IDLE_MS - performance.now();
    if (left > 0) {
      this.#timer = setTimeout(() => this.#restWhenIdle(), left).unref();
      return;
    }
    try {
      this.rest();
    } catch {
      // The disk refuses it now; what is logged is kept, and the next change tries again.
    }
  }
}

function openData(folder: string): number {
  return openSync(join(folder, 'lmdb', 'data.mdb'), 'r+');
}

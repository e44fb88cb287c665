// One folder that keeps named tables in an LMDB environment, and files beside it. Openers of one folder
// in one process share it; several processes may, too, since every change is a transaction. A folder
// must be on a local disk: LMDB does not work over a network file system.
//
// Transactions wait for the end of the current turn of the event loop and are then committed together,
// in the order in which they were asked for, with one commit to disk. Commits are synchronous: with
// lmdb 3.5.6 a failed asynchronous commit rejects promises that nobody holds, which ends the process.
// A commit is two flushes (the pages, then the page that names them), and is whole or absent after a
// loss of power; in a folder whose format says so it is one (see `logged-commits.ts`). LMDB's faster
// settings by themselves were measured and left: `noSync` may tear the tree, `noMetaSync` may lose the
// last commits that were acknowledged, and `overlappingSync` is no faster when each commit is waited for.
import { join } from 'node:path';
import { statfsSync } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import type { Database, RootDatabase } from 'lmdb';
import { DiagnosticError, diagnostic } from '@basalt/diagnostics';
import { lmdbFileProblem } from './lmdb-file-check.js';
import { LoggedCommits } from './logged-commits.js';
import { thisProcess } from './process-identity.js';
import { forgetCheckpoint, redo, setBack } from './recover-tables.js';
import { storageError } from './storage-error.js';
import { prepareStoreFolder, type StoreFormat } from './store-folder.js';
import { enterStore, leaveStore, whileAlone, whileOpening, type StoreUser } from './store-users.js';

/** One table: keys and values are bytes, ordered by key. A key has 1 to 1978 bytes, a value at least
 * one. In a transaction only the `Sync` methods, `get` and the ranges are used. */
export type Table = Database<Buffer, Buffer>;
/** The tables of a store by name; one that was not asked for at opening is a bug, and throws. */
export type Tables = (name: string) => Table;

export interface TableStoreOptions {
  /** What the folder holds; a folder of another format is refused. */
  readonly format: StoreFormat;
  /** The tables that this opener uses. Openers of one folder may use different ones; 30 in all. */
  readonly tables: readonly string[];
  /** Writes are refused (CAP107) when the disk has less free space than this beyond what they need;
   * 16 MiB by default. Removals may use that reserve. LMDB must not meet a full disk itself: after
   * one, lmdb 3.5.6 has a damaged heap. */
  readonly minFreeBytes?: number;
}

/** An open store. Every method rejects with a DiagnosticError; after `close`, with CAP108. */
export interface TableStore {
  /** Real path of the folder. */
  readonly folder: string;
  /** Runs `body` on what is committed; one call sees one state of all tables. */
  read<T>(call: string, body: (tables: Tables) => T): Promise<T>;
  /** Runs `body` in a transaction over all tables; resolves when its changes, about `bytes` long (0 for
   * a removal, which may use the reserve of a full disk), are on disk. All transactions that are asked
   * for in one turn are one commit; where one of them throws, it alone is undone and rejected, and each
   * of the others is then a commit of its own: what is expected is returned, not thrown. `body` may so
   * run a second time, and must not change anything but the tables. */
  transact<T>(call: string, bytes: number, body: (tables: Tables) => T): Promise<T>;
  /** Runs something that touches the folder's files; `bytes` is what it will write. */
  files<T>(call: string, bytes: number, body: () => Promise<T>): Promise<T>;
  /** State that all openers share, made by the first that asks for it. */
  shared<T>(name: string, make: () => T): T;
  /** Writes the database anew without the space of what was removed. False, and nothing is done, where
   * anybody else has the store open, in this process or another. Calls wait while it goes on. */
  compact(call: string): Promise<boolean>;
  /** Ends this opener's use, after what it has begun; the last one closes the folder. */
  close(): Promise<void>;
}

const MIN_FREE_BYTES = 16 * 2 ** 20;
const MAX_TABLES = 30;
/** What a write may add beyond its bytes: pages of the tree on the way to it. */
const WRITE_OVERHEAD_BYTES = 64 * 2 ** 10;

interface PendingWrite {
  readonly call: string;
  readonly run: () => unknown;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: DiagnosticError) => void;
}

type OpenDatabase = () => RootDatabase<Buffer, Buffer>;

/** Flushes a file, or the entries of a folder, to disk. */
async function flushFile(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The environment behind all openers of one folder. */
class Environment {
  readonly folder: string;
  readonly state = new Map<string, unknown>();
  openers = 1;
  /** Bytes of writes that were let in and are not on disk yet. */
  reserved = 0;
  readonly #open: OpenDatabase;
  readonly #user: StoreUser;
  readonly #tables = new Map<string, Table>();
  readonly #logged: LoggedCommits | undefined;
  #root: RootDatabase<Buffer, Buffer>;
  #pending: PendingWrite[] = [];
  /** Settles when the database may be used again. */
  replacing: Promise<unknown> | undefined;

  private constructor(
    folder: string,
    user: StoreUser,
    openDatabase: OpenDatabase,
    root: RootDatabase<Buffer, Buffer>,
    logged: LoggedCommits | undefined,
  ) {
    this.folder = folder;
    this.#user = user;
    this.#open = openDatabase;
    this.#root = root;
    this.#logged = logged;
  }

  /** Opens the database of a folder, as nobody else does at this time. */
  static async open(
    folder: string,
    user: StoreUser,
    options: { readonly logged: boolean; readonly isAlone: boolean },
  ): Promise<Environment> {
    const { logged, isAlone } = options;
    // Recovery needs to know who is alive, which no other system tells.
    const logs = logged && thisProcess().boot !== '';
    if (logged && isAlone) await setBack(folder);
    const path = join(folder, 'lmdb');
    const problem = await lmdbFileProblem(join(path, 'data.mdb'));
    if (problem !== undefined) throw new Error(problem);
    // Loaded only by who uses a disk: the native library is slow to start.
    const { open: openLmdb } = await import('lmdb');
    const openDatabase = () =>
      openLmdb<Buffer, Buffer>({
        path,
        noSubdir: false,
        maxDbs: MAX_TABLES,
        encoding: 'binary',
        keyEncoding: 'binary',
        overlappingSync: false,
        noSync: logs,
      });
    const root = openDatabase();
    try {
      if (logged && isAlone) await redo(folder, root);
      if (logged && !logs) await forgetCheckpoint(folder);
      const commits = logs ? await LoggedCommits.open(folder, user.id, root) : undefined;
      return new Environment(folder, user, openDatabase, root, commits);
    } catch (error) {
      await root.close();
      throw error;
    }
  }

  /** Makes a table when it is missing. Never within a transaction. */
  openTable(name: string): void {
    if (this.#tables.has(name)) return;
    const open = () => {
      const options = { encoding: 'binary', keyEncoding: 'binary' } as const;
      this.#tables.set(name, this.#root.openDB<Buffer, Buffer>(name, options));
    };
    if (this.#logged === undefined) {
      open();
      return;
    }
    const known = [...this.#root.getKeys()].some((key) => String(key) === name);
    if (known) open();
    else this.#logged.makeTable(open);
    this.#logged.watch(name, this.#tables.get(name)!);
  }

  readonly tables: Tables = (name) => {
    const table = this.#tables.get(name);
    if (table === undefined) throw new Error(`the table ${name} was not opened`);
    return table;
  };

  enqueue(write: PendingWrite): void {
    this.#pending.push(write);
    if (this.#pending.length === 1) setImmediate(() => this.#commitPending());
  }

  async close(): Promise<void> {
    try {
      await this.#logged?.close();
    } finally {
      await this.#root.close();
      await leaveStore(this.#user);
    }
  }

  /** Replaces the database by a compact copy; only while nothing else is under way. */
  compact(): Promise<boolean> {
    const done = whileAlone(this.folder, this.#user, () => this.#replace());
    this.replacing = done.catch(() => undefined).finally(() => (this.replacing = undefined));
    return done;
  }

  async #replace(): Promise<void> {
    const copy = join(this.folder, 'lmdb.compact');
    await rm(copy, { recursive: true, force: true });
    await mkdir(copy);
    try {
      await this.#root.backup(copy, true);
      await flushFile(join(copy, 'data.mdb'));
      await this.#logged?.release();
      await this.#root.close();
      try {
        await rename(join(copy, 'data.mdb'), join(this.folder, 'lmdb', 'data.mdb'));
        await flushFile(join(this.folder, 'lmdb'));
      } finally {
        const names = [...this.#tables.keys()];
        this.#tables.clear();
        this.#root = this.#open();
        this.#logged?.adopt(this.#root);
        for (const name of names) this.openTable(name);
      }
    } finally {
      await rm(copy, { recursive: true, force: true });
    }
  }

  #transact<T>(body: () => T): T {
    return this.#logged === undefined
      ? this.#root.transactionSync(body)
      : this.#logged.transact(body);
  }

  #commitPending(): void {
    const batch = this.#pending;
    this.#pending = [];
    try {
      const results = this.#transact(() => batch.map((write) => write.run()));
      batch.forEach((write, index) => write.resolve(results[index]));
    } catch (error) {
      if (batch.length === 1) {
        const [write] = batch;
        write!.reject(storageError(write!.call, this.folder, error));
        return;
      }
      // The transaction was undone as a whole; alone, only the guilty fails.
      for (const write of batch) this.#commitAlone(write);
    }
  }

  #commitAlone(write: PendingWrite): void {
    try {
      write.resolve(this.#transact(() => write.run()));
    } catch (error) {
      write.reject(storageError(write.call, this.folder, error));
    }
  }
}

const environments = new Map<string, Environment>();
const opening = new Map<string, Promise<Environment>>();
/** Folders on their way to be closed; who opens one again waits for it. */
const closing = new Map<string, Promise<void>>();

class OpenStore implements TableStore {
  readonly #environment: Environment;
  readonly #minFreeBytes: number;
  readonly #begun = new Set<Promise<unknown>>();
  #closed: Promise<void> | undefined;

  constructor(environment: Environment, minFreeBytes: number) {
    this.#environment = environment;
    this.#minFreeBytes = minFreeBytes;
  }

  get folder(): string {
    return this.#environment.folder;
  }

  read<T>(call: string, body: (tables: Tables) => T): Promise<T> {
    return this.#begin(call, async () => body(this.#environment.tables));
  }

  transact<T>(call: string, bytes: number, body: (tables: Tables) => T): Promise<T> {
    return this.#withSpace(call, bytes, () => {
      const { tables } = this.#environment;
      return new Promise<T>((resolve, reject) => {
        this.#environment.enqueue({
          call,
          run: () => body(tables),
          resolve: resolve as (result: unknown) => void,
          reject,
        });
      });
    });
  }

  files<T>(call: string, bytes: number, body: () => Promise<T>): Promise<T> {
    return bytes === 0 ? this.#begin(call, body) : this.#withSpace(call, bytes, body);
  }

  shared<T>(name: string, make: () => T): T {
    const { state } = this.#environment;
    if (!state.has(name)) state.set(name, make());
    return state.get(name) as T;
  }

  async compact(call: string): Promise<boolean> {
    this.#checkOpen(call);
    const environment = this.#environment;
    await environment.replacing;
    while (this.#begun.size > 0) await Promise.allSettled(this.#begun);
    if (environment.openers > 1) return false;
    try {
      return await environment.compact();
    } catch (error) {
      throw storageError(call, this.folder, error);
    }
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    const environment = this.#environment;
    await environment.replacing;
    await Promise.allSettled(this.#begun);
    environment.openers -= 1;
    if (environment.openers > 0) return;
    environments.delete(environment.folder);
    const done = environment.close().finally(() => closing.delete(environment.folder));
    closing.set(environment.folder, done);
    await done;
  }

  async #begin<T>(call: string, body: () => Promise<T>): Promise<T> {
    this.#checkOpen(call);
    if (this.#environment.replacing !== undefined) {
      await this.#environment.replacing;
      this.#checkOpen(call);
    }
    const work = body().catch((error: unknown) => {
      throw storageError(call, this.folder, error);
    });
    this.#begun.add(work);
    try {
      return await work;
    } finally {
      this.#begun.delete(work);
    }
  }

  #checkOpen(call: string): void {
    if (this.#closed !== undefined) throw new DiagnosticError([diagnostic.CAP108({ call })]);
  }

  /** Runs `body` while `bytes` of the free space are set aside for it; CAP107 without them. */
  #withSpace<T>(call: string, bytes: number, body: () => Promise<T>): Promise<T> {
    return this.#begin(call, async () => {
      this.#checkSpace(call, bytes);
      const size = bytes + WRITE_OVERHEAD_BYTES;
      this.#environment.reserved += size;
      try {
        return await body();
      } finally {
        this.#environment.reserved -= size;
      }
    });
  }

  #checkSpace(call: string, bytes: number): void {
    const { bavail, bsize } = statfsSync(this.folder);
    const margin = bytes === 0 ? 0 : this.#minFreeBytes + this.#environment.reserved;
    const needed = bytes + WRITE_OVERHEAD_BYTES + margin;
    if (bavail * bsize >= needed) return;
    const reason = `${bavail * bsize} bytes are free, and ${needed} are needed`;
    throw new DiagnosticError([diagnostic.CAP107({ call, folder: this.folder, reason })]);
  }
}

/** The environment of a folder that is prepared, for one more opener; made when there is none yet.
 * CAP105. */
async function environmentOf(real: string, folder: string, logged: boolean): Promise<Environment> {
  const entering = await enterStore(real).catch((error: unknown) => {
    throw unusable(folder, error);
  });
  while (closing.has(real) || opening.has(real)) {
    await closing.get(real);
    await opening.get(real)?.catch(() => undefined);
  }
  const known = environments.get(real);
  if (known !== undefined) {
    known.openers += 1;
    await leaveStore(entering);
    await known.replacing;
    return known;
  }
  const made = whileOpening(real, entering, (isAlone) =>
    Environment.open(real, entering, { logged, isAlone }),
  );
  opening.set(real, made);
  try {
    const environment = await made;
    environments.set(real, environment);
    return environment;
  } catch (error) {
    await leaveStore(entering);
    throw unusable(folder, error);
  } finally {
    opening.delete(real);
  }
}

/** What a failure to open means. That the database is not installed is no matter of the folder. */
function unusable(folder: string, error: unknown): unknown {
  if ((error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND') return error;
  const reason = (error as Error).message;
  return new DiagnosticError([diagnostic.CAP105({ folder, reason })], { cause: error });
}

/** Opens the store in `folder`, which is made when missing. CAP105 or CAP106 when it cannot be. */
export async function openTableStore(
  folder: string,
  options: TableStoreOptions,
): Promise<TableStore> {
  const real = await prepareStoreFolder(folder, options.format);
  const environment = await environmentOf(real, folder, options.format.logged ?? false);
  const store = new OpenStore(environment, options.minFreeBytes ?? MIN_FREE_BYTES);
  try {
    for (const name of options.tables) environment.openTable(name);
    return store;
  } catch (error) {
    await store.close();
    throw unusable(folder, error);
  }
}

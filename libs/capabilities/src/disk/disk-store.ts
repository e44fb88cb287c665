// One folder that the disk providers share: an LMDB environment and a folder of blobs. Openers of one
// folder in one process share it; several processes may, too, since every change is a transaction.
//
// Writes wait for the end of the current turn of the event loop and are then committed together, in
// the order in which they were asked for, with one flush to disk. Commits are synchronous: with
// lmdb 3.5.6 a failed asynchronous commit rejects promises that nobody holds, which ends the process.
import { join } from 'node:path';
import { statfsSync } from 'node:fs';
import type { Database, RootDatabase } from 'lmdb';
import { DiagnosticError, diagnostic } from '@basalt/diagnostics';
import { lmdbFileProblem } from './lmdb-file-check.js';
import { storageError } from './storage-error.js';
import { prepareStoreFolder } from './store-folder.js';

export type TableName = 'kv' | 'queue' | 'dedupe' | 'cache';
export type Table = Database<Buffer, Buffer>;

export interface DiskStoreOptions {
  /** Writes are refused (CAP107) when the disk has less free space than this beyond what they need;
   * 16 MiB by default. Removals may use that reserve. LMDB must not meet a full disk itself: after
   * one, lmdb 3.5.6 has a damaged heap. */
  readonly minFreeBytes?: number;
}

/** An open store. Every method rejects with a DiagnosticError; after `close`, with CAP108. */
export interface DiskStore {
  /** Real path of the folder. */
  readonly folder: string;
  /** Runs `body` on what is committed. */
  read<T>(call: string, table: TableName, body: (table: Table) => T): Promise<T>;
  /** Runs `body` in a transaction; resolves when its changes, about `bytes` long (0 for a removal),
   * are on disk. */
  write<T>(call: string, table: TableName, bytes: number, body: (table: Table) => T): Promise<T>;
  /** Runs something that touches the folder's files; `bytes` is what it will write. */
  files<T>(call: string, bytes: number, body: () => Promise<T>): Promise<T>;
  /** State that all openers share, made by the first that asks for it. */
  shared<T>(name: string, make: () => T): T;
  /** Ends this opener's use, after what it has begun; the last one closes the folder. */
  close(): Promise<void>;
}

const MIN_FREE_BYTES = 16 * 2 ** 20;
/** What a write may add beyond its bytes: pages of the tree on the way to it. */
const WRITE_OVERHEAD_BYTES = 64 * 2 ** 10;

interface PendingWrite {
  readonly call: string;
  readonly run: () => unknown;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: DiagnosticError) => void;
}

/** The environment behind all openers of one folder. */
class Environment {
  readonly folder: string;
  readonly state = new Map<string, unknown>();
  openers = 1;
  /** Bytes of writes that were let in and are not on disk yet. */
  reserved = 0;
  readonly #root: RootDatabase<Buffer, Buffer>;
  readonly #tables = new Map<TableName, Table>();
  #pending: PendingWrite[] = [];

  constructor(folder: string, root: RootDatabase<Buffer, Buffer>) {
    this.folder = folder;
    this.#root = root;
  }

  table(name: TableName): Table {
    let table = this.#tables.get(name);
    if (table === undefined) {
      table = this.#root.openDB<Buffer, Buffer>(name, {
        encoding: 'binary',
        keyEncoding: 'binary',
      });
      this.#tables.set(name, table);
    }
    return table;
  }

  enqueue(write: PendingWrite): void {
    this.#pending.push(write);
    if (this.#pending.length === 1) setImmediate(() => this.#commitPending());
  }

  close(): Promise<void> {
    return this.#root.close();
  }

  #commitPending(): void {
    const batch = this.#pending;
    this.#pending = [];
    try {
      const results = this.#root.transactionSync(() => batch.map((write) => write.run()));
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
      write.resolve(this.#root.transactionSync(() => write.run()));
    } catch (error) {
      write.reject(storageError(write.call, this.folder, error));
    }
  }
}

const environments = new Map<string, Environment>();
/** Folders on their way to be closed; who opens one again waits for it. */
const closing = new Map<string, Promise<void>>();

class OpenStore implements DiskStore {
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

  read<T>(call: string, table: TableName, body: (table: Table) => T): Promise<T> {
    return this.#begin(call, async () => body(this.#environment.table(table)));
  }

  write<T>(call: string, table: TableName, bytes: number, body: (table: Table) => T): Promise<T> {
    return this.#withSpace(call, bytes, () => {
      const opened = this.#environment.table(table);
      return new Promise<T>((resolve, reject) => {
        this.#environment.enqueue({
          call,
          run: () => body(opened),
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

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    await Promise.allSettled(this.#begun);
    const environment = this.#environment;
    environment.openers -= 1;
    if (environment.openers > 0) return;
    environments.delete(environment.folder);
    const done = environment.close().finally(() => closing.delete(environment.folder));
    closing.set(environment.folder, done);
    await done;
  }

  async #begin<T>(call: string, body: () => Promise<T>): Promise<T> {
    if (this.#closed !== undefined) throw new DiagnosticError([diagnostic.CAP108({ call })]);
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
async function environmentOf(real: string, folder: string): Promise<Environment> {
  // Loaded only by who uses a disk: the native library is slow to start.
  const { open } = await import('lmdb');
  while (closing.has(real)) await closing.get(real);
  const known = environments.get(real);
  if (known !== undefined) {
    known.openers += 1;
    return known;
  }
  try {
    const root = open<Buffer, Buffer>({
      path: join(real, 'lmdb'),
      noSubdir: false,
      maxDbs: 8,
      overlappingSync: false,
    });
    const environment = new Environment(real, root);
    environments.set(real, environment);
    return environment;
  } catch (error) {
    const reason = (error as Error).message;
    throw new DiagnosticError([diagnostic.CAP105({ folder, reason })], { cause: error });
  }
}

/** Opens the store in `folder`, which is made when missing. CAP105 or CAP106 when it cannot be. */
export async function openDiskStore(
  folder: string,
  options: DiskStoreOptions = {},
): Promise<DiskStore> {
  const real = await prepareStoreFolder(folder);
  const problem = await lmdbFileProblem(join(real, 'lmdb', 'data.mdb'));
  if (problem !== undefined) {
    throw new DiagnosticError([diagnostic.CAP105({ folder, reason: problem })]);
  }
  const environment = await environmentOf(real, folder);
  return new OpenStore(environment, options.minFreeBytes ?? MIN_FREE_BYTES);
}

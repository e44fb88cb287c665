// One folder that the disk providers share: the tables of a store, and a folder of blobs.
import { openTableStore, type Table } from './table-store.js';

export type TableName = 'kv' | 'queue' | 'dedupe' | 'cache';

export interface DiskStoreOptions {
  /** Writes are refused (CAP107) when the disk has less free space than this beyond what they need;
   * 16 MiB by default. Removals may use that reserve. */
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

const FORMAT = { name: 'basalt-store', version: 1 };
const TABLES: readonly TableName[] = ['kv', 'queue', 'dedupe', 'cache'];

/** Opens the store in `folder`, which is made when missing. CAP105 or CAP106 when it cannot be. */
export async function openDiskStore(
  folder: string,
  options: DiskStoreOptions = {},
): Promise<DiskStore> {
  const store = await openTableStore(folder, { format: FORMAT, tables: TABLES, ...options });
  return {
    folder: store.folder,
    read: (call, table, body) => store.read(call, (tables) => body(tables(table))),
    write: (call, table, bytes, body) =>
      store.transact(call, bytes, (tables) => body(tables(table))),
    files: (call, bytes, body) => store.files(call, bytes, body),
    shared: (name, make) => store.shared(name, make),
    close: () => store.close(),
  };
}

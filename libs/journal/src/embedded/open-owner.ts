// Opens a folder of journals as an owner, and tells the other owners of it.
import { randomBytes } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { openTableStore, thisProcess, type TableStore } from '@basalt/capabilities';
import { absorbOwner, logPath, removeStrayLogs } from './absorb-log.js';
import { EMBEDDED_FORMAT } from './embedded-folder.js';
import { JournalOwner, type OwnerOptions } from './journal-owner.js';
import { OwnerWatch, allOwners, ownerName, type OwnerRow } from './owner-rows.js';
import { JOURNAL_TABLES } from './run-rows.js';

/** Owners of this process that were closed but could not remove their rows. */
const closedHere = new Set<string>();

/** An open folder and its owners. */
export class OwnedFolder {
  readonly store: TableStore;
  readonly owner: JournalOwner;
  /** The owners of this process, which need no signals. */
  readonly #here: Map<string, JournalOwner>;
  readonly #watch: OwnerWatch;

  constructor(store: TableStore, options: OwnerOptions & { readonly leaseMs: number }) {
    this.store = store;
    const id = randomBytes(16).toString('hex');
    this.owner = new JournalOwner(store, { id, process: thisProcess() }, options);
    this.#here = store.shared('journal owners', () => new Map<string, JournalOwner>());
    this.#here.set(id, this.owner);
    this.#watch = new OwnerWatch(options.leaseMs);
  }

  /** An owner of this process. */
  ownerHere(id: string): JournalOwner | undefined {
    return this.#here.get(id);
  }

  /** Brings what the owners of this process have logged into the tables. */
  async settle(): Promise<void> {
    for (const owner of [...this.#here.values()]) await owner.settle();
  }

  /** The live owners by id, with their names, after the runs of dead ones were taken from their logs. */
  async liveOwners(): Promise<ReadonlyMap<string, string>> {
    const rows = await this.store.read('journal.owners', allOwners);
    const live = new Map<string, string>();
    for (const row of rows) {
      if (this.#isAlive(row)) live.set(row.id, ownerName(row));
      else await absorbOwner(this.store, row.id);
    }
    return live;
  }

  #isAlive(row: OwnerRow): boolean {
    if (this.#here.has(row.id)) return true;
    return !closedHere.has(row.id) && this.#watch.isAlive(row);
  }

  async close(): Promise<void> {
    const { id } = this.owner;
    try {
      await this.owner.close();
    } catch (error) {
      closedHere.add(id);
      throw error;
    } finally {
      this.#here.delete(id);
      await this.store.close();
    }
  }
}

export interface FolderOptions extends OwnerOptions {
  readonly leaseMs: number;
  readonly minFreeBytes?: number | undefined;
}

/** Opens a folder, which is made when missing. @throws CAP105, CAP106, CAP107 where it cannot be. */
export async function openOwnedFolder(
  folder: string,
  options: FolderOptions,
): Promise<OwnedFolder> {
  const { minFreeBytes } = options;
  const store = await openTableStore(folder, {
    format: EMBEDDED_FORMAT,
    tables: JOURNAL_TABLES,
    ...(minFreeBytes === undefined ? {} : { minFreeBytes }),
  });
  const opened = new OwnedFolder(store, options);
  try {
    await logPath(store, opened.owner.id);
    await store.transact('journal.open', 0, (tables) => opened.owner.register(tables));
    await removeStrayLogs(store);
    return opened;
  } catch (error) {
    await opened.close().catch(() => undefined);
    throw error;
  }
}

/** Bytes on disk of the database of a folder. */
export async function databaseBytes(store: TableStore): Promise<number> {
  const file = join(store.folder, 'lmdb', 'data.mdb');
  return store.files('journal.compact', 0, async () => (await stat(file)).size);
}

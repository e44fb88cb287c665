// Takes over what a dead process has left: its log goes into the tables, and its row goes away. Every
// step may be repeated, by another process or after a crash: the log is renamed, then read, then its
// records and the removal of the row are one commit, then the file is removed.
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { TableStore, Tables } from '@basalt/capabilities';
import { readFrame, recordOfBody } from '../records/run-frame.js';
import { afterRecord, type RunProgress } from '../records/run-progress.js';
import { allOwners, readOwner, removeOwner } from './owner-rows.js';
import { putFrame, putIntoLists, putRow, readRow, removeFromLists } from './run-rows.js';
import { readLog, type LogEntry } from './write-ahead-log.js';

const LIVE = '.wal';
const TAKEN = '.taken';

/** The folder of the logs of a store. */
function logFolder(store: TableStore): string {
  return join(store.folder, 'logs');
}

/** Where an owner's log is; its folder is made when missing. */
export async function logPath(store: TableStore, ownerId: string): Promise<string> {
  await store.files('journal.open', 0, () => mkdir(logFolder(store), { recursive: true }));
  return join(logFolder(store), `${ownerId}${LIVE}`);
}

/** The progress after a logged frame; undefined where it is not the next good record of the run. */
function afterEntry(progress: RunProgress, { index, bytes }: LogEntry): RunProgress | undefined {
  if (index !== progress.records + 1 || progress.outcome !== undefined) return undefined;
  const frame = readFrame(progress.chain, bytes);
  if ('fault' in frame) return undefined;
  const read = recordOfBody(frame.body);
  if ('fault' in read) return undefined;
  return afterRecord(progress, read.record, bytes.length, frame.chain);
}

function absorb(tables: Tables, ownerId: string, entries: readonly LogEntry[]): void {
  for (const entry of entries) {
    const row = readRow(tables, entry.runId);
    if (row?.number !== entry.number || row.owner !== ownerId) continue;
    const progress = afterEntry(row.progress, entry);
    if (progress === undefined) continue;
    putFrame(tables, row.number, entry.index, entry.bytes);
    removeFromLists(tables, row);
    const next = { ...row, progress };
    putIntoLists(tables, next);
    putRow(tables, next);
  }
}

/** Ends an owner that is dead. Nothing is done where another process has done it. */
export async function absorbOwner(store: TableStore, ownerId: string): Promise<void> {
  const path = await logPath(store, ownerId);
  const taken = path.slice(0, -LIVE.length) + TAKEN;
  const entries = await store.files('journal.recover', 0, async () => {
    await rename(path, taken).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
    return readLog(taken);
  });
  const bytes = entries.reduce((sum, entry) => sum + entry.bytes.length, 0);
  await store.transact('journal.recover', bytes, (tables) => {
    if (readOwner(tables, ownerId) === undefined) return;
    absorb(tables, ownerId, entries);
    removeOwner(tables, ownerId);
  });
  await store.files('journal.recover', 0, () => rm(taken, { force: true }));
}

/** Removes files of owners that have no row: a crash came between the commit and the removal. */
export async function removeStrayLogs(store: TableStore): Promise<void> {
  await store.files('journal.open', 0, async () => {
    const names = await readdir(logFolder(store));
    for (const name of names) {
      const ownerId = name.slice(0, name.lastIndexOf('.'));
      const known = await store.read('journal.open', (tables) =>
        allOwners(tables).some(({ id }) => id === ownerId),
      );
      if (!known) await rm(join(logFolder(store), name), { force: true });
    }
  });
}

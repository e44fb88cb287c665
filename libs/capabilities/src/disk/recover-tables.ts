// Brings the tables of a store back after a loss of power, or the death of the last process that had it
// open: the database is set back to the state of its last checkpoint, and what the logs hold beyond that
// is done again. Only while nobody has the store open. Every step may be repeated after a crash.
import { closeSync, fdatasyncSync, openSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { RootDatabase } from 'lmdb';
import { CheckpointFile } from './checkpoint-file.js';
import { newestMeta, putMeta } from './lmdb-meta.js';
import {
  LAST_COMMIT,
  LOG_FOLDER,
  LOG_SUFFIX,
  commitBytes,
  writeCheckpoint,
} from './logged-commits.js';
import { readRedoLog, type RedoRecord } from './redo-log.js';

function openData(folder: string): number | undefined {
  try {
    return openSync(join(folder, 'lmdb', 'data.mdb'), 'r+');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Sets the database back to its last checkpoint, before it is opened. */
export async function setBack(folder: string): Promise<void> {
  const data = openData(folder);
  if (data === undefined) return;
  const checkpoint = await CheckpointFile.open(join(folder, 'lmdb'));
  try {
    const known = checkpoint.read();
    const newest = newestMeta(data);
    // A database that is older than its checkpoint was put there by somebody else, with its own states.
    if (!known || !newest || newest.transaction <= known.transaction) return;
    putMeta(data, known);
    fdatasyncSync(data);
    await rm(join(folder, 'lmdb', 'lock.mdb'), { force: true });
  } finally {
    checkpoint.close();
    closeSync(data);
  }
}

/** Says that every state of the database from now on is on disk: its commits are flushed. */
export async function forgetCheckpoint(folder: string): Promise<void> {
  const checkpoint = await CheckpointFile.open(join(folder, 'lmdb'));
  try {
    if (checkpoint.read() !== undefined) checkpoint.write(undefined);
  } finally {
    checkpoint.close();
  }
}

/** The records beyond a commit, in order. A record that nothing acknowledged follows may be of a commit
 * that did not come to its end; to do it is as good as not to. */
function beyond(last: number, records: ReadonlyMap<number, RedoRecord>): RedoRecord[] {
  const numbers = [...records.keys()].filter((commit) => commit > last).sort((a, b) => b - a);
  for (const top of numbers) {
    const chain: RedoRecord[] = [];
    let record = records.get(top);
    while (record !== undefined && record.commit > last) {
      chain.push(record);
      if (record.previous === last) return chain.reverse();
      record = records.get(record.previous);
    }
  }
  return [];
}

/** Does what the logs hold and the database does not, and removes them. */
export async function redo(folder: string, root: RootDatabase<Buffer, Buffer>): Promise<void> {
  const names = await readdir(join(folder, LOG_FOLDER)).catch(() => []);
  const logs = names.filter((name) => name.endsWith(LOG_SUFFIX));
  if (logs.length === 0) return;
  const records = new Map<number, RedoRecord>();
  for (const name of logs) {
    for (const record of readRedoLog(join(folder, LOG_FOLDER, name))) {
      records.set(record.commit, record);
    }
  }
  // The state that is on disk must stay there until what follows it is: see `logged-commits.ts`.
  const reader = root.useReadTransaction();
  try {
    if (redoRecords(root, records)) await checkpointNow(folder);
  } finally {
    reader.done();
  }
  for (const name of logs) await rm(join(folder, LOG_FOLDER, name), { force: true });
}

async function checkpointNow(folder: string): Promise<void> {
  const data = openData(folder)!;
  const checkpoint = await CheckpointFile.open(join(folder, 'lmdb'));
  try {
    writeCheckpoint(data, checkpoint);
  } finally {
    checkpoint.close();
    closeSync(data);
  }
}

/** False where there was nothing to do. */
function redoRecords(
  root: RootDatabase<Buffer, Buffer>,
  records: ReadonlyMap<number, RedoRecord>,
): boolean {
  const open = (name: string) =>
    root.openDB<Buffer, Buffer>(name, { encoding: 'binary', keyEncoding: 'binary' });
  const last = Number(root.get(LAST_COMMIT)?.readBigUInt64LE(0) ?? 0n);
  const chain = beyond(last, records);
  if (chain.length === 0) return false;
  const names = new Set(chain.flatMap(({ changes }) => changes.map(({ table }) => table)));
  const tables = new Map([...names].map((name) => [name, open(name)]));
  root.transactionSync(() => {
    for (const { table, key, value } of chain.flatMap(({ changes }) => changes)) {
      if (value === undefined) tables.get(table)!.removeSync(key);
      else tables.get(table)!.putSync(key, value);
    }
    root.putSync(LAST_COMMIT, commitBytes(chain.at(-1)!.commit));
  });
  return true;
}

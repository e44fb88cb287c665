// Which processes have a store open: one file each, so that who wants to replace its database can see
// whether anybody would be left with the old one. Whoever opens a store registers first and looks for
// the mark of a replacement then; whoever replaces sets the mark first and looks for others then. So
// at least one of two sees the other.
import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { processState, thisProcess, type ProcessIdentity } from './process-identity.js';

const FOLDER = 'users';
const MARK = 'replacing';
const WAIT_MS = 20;

/** This process as a user of a store. */
export interface StoreUser {
  readonly file: string;
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}

/** Whether the process that wrote a file is gone. A file that is being written is not read as one. */
async function isGone(path: string): Promise<boolean> {
  try {
    const identity = JSON.parse(await readFile(path, 'utf8')) as ProcessIdentity;
    return processState(identity) === 'gone';
  } catch (error) {
    return isMissing(error);
  }
}

/** Registers a user of a store, and waits while its database is replaced. */
export async function enterStore(store: string): Promise<StoreUser> {
  await mkdir(join(store, FOLDER), { recursive: true });
  const file = join(store, FOLDER, randomUUID());
  await writeFile(file, JSON.stringify(thisProcess()), { flag: 'wx', mode: 0o600 });
  const mark = join(store, MARK);
  while ((await readdir(store)).includes(MARK)) {
    if (await isGone(mark)) await rm(mark, { force: true });
    else await sleep(WAIT_MS);
  }
  return { file };
}

/** Takes a user back. */
export async function leaveStore({ file }: StoreUser): Promise<void> {
  await rm(file, { force: true });
}

/** Whether any live user but this one is registered; forgets those that are gone. */
async function hasOthers(store: string, { file }: StoreUser): Promise<boolean> {
  for (const name of await readdir(join(store, FOLDER))) {
    const path = join(store, FOLDER, name);
    if (path === file) continue;
    if (!(await isGone(path))) return true;
    await rm(path, { force: true });
  }
  return false;
}

/** Runs `body` while nobody else has the store open; false, without running it, where somebody has. */
export async function whileAlone(
  store: string,
  user: StoreUser,
  body: () => Promise<void>,
): Promise<boolean> {
  const mark = join(store, MARK);
  let handle;
  try {
    handle = await open(mark, 'wx', 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
  try {
    await handle.writeFile(JSON.stringify(thisProcess()));
    if (await hasOthers(store, user)) return false;
    await body();
    return true;
  } finally {
    await handle.close();
    await rm(mark, { force: true });
  }
}

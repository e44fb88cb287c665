// Which processes have a store open: one file each, so that who wants to replace its database can see
// whether anybody would be left with the old one. Whoever opens a store registers first and looks for
// the mark of a replacement then; whoever replaces sets the mark first and looks for others then. So
// at least one of two sees the other. Databases are opened under the mark, too, one after the other, so
// that who opens one knows whether it is in use: the files of those who have it open end in `.open`.
import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { processState, thisProcess, type ProcessIdentity } from './process-identity.js';

const FOLDER = 'users';
const MARK = 'replacing';
const OPENING = 'opening';
const WAIT_MS = 20;
const OPEN = '.open';
/** How long the mark of an opener may stand of which nothing is known, one in another container. */
const OPENING_MS = 30_000;

/** This process as a user of a store. */
export class StoreUser {
  /** Names it among all users of the store. */
  readonly id: string;
  file: string;

  constructor(file: string) {
    this.id = basename(file);
    this.file = file;
  }
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
  const seen: SeenMark = { text: '', since: performance.now() };
  while ((await readdir(store)).includes(MARK)) await waitForMark(store, seen);
  return new StoreUser(file);
}

/** What the mark says, and since when it does as far as this process has seen. */
interface SeenMark {
  text: string;
  since: number;
}

/** Whether an opener has left its mark behind in a place whose processes cannot be seen from here. */
async function isLeftBehind(mark: string, seen: SeenMark): Promise<boolean> {
  const text = await readFile(mark, 'utf8').catch(() => '');
  const now = performance.now();
  if (text !== seen.text) Object.assign(seen, { text, since: now });
  return text.includes(OPENING) && now - seen.since > OPENING_MS;
}

/** Waits a little for the mark of another process, and takes one away whose process is gone. It is
 * renamed first: of two who find it only one removes it, and none removes a new one. */
async function waitForMark(store: string, seen: SeenMark): Promise<void> {
  const mark = join(store, MARK);
  if (!(await isGone(mark)) && !(await isLeftBehind(mark, seen))) {
    await sleep(WAIT_MS);
    return;
  }
  const stale = `${mark}.${randomUUID()}`;
  await rename(mark, stale).catch((error: unknown) => {
    if (!isMissing(error)) throw error;
  });
  await rm(stale, { force: true });
}

/** Takes a user back. */
export async function leaveStore({ file }: StoreUser): Promise<void> {
  await rm(file, { force: true });
}

/** Whether any live user but this one is registered, or has the database open; forgets those that are
 * gone. */
async function hasOthers(store: string, { file }: StoreUser, suffix = ''): Promise<boolean> {
  for (const name of await readdir(join(store, FOLDER))) {
    const path = join(store, FOLDER, name);
    if (path === file || !name.endsWith(suffix)) continue;
    if (!(await isGone(path))) return true;
    await rm(path, { force: true });
  }
  return false;
}

/** Sets the mark; undefined where it is set. @param what it is set for. */
async function setMark(store: string, what: string): Promise<(() => Promise<void>) | undefined> {
  const mark = join(store, MARK);
  let handle;
  try {
    handle = await open(mark, 'wx', 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return undefined;
    throw error;
  }
  try {
    await handle.writeFile(JSON.stringify({ ...thisProcess(), what, id: randomUUID() }));
  } catch (error) {
    await rm(mark, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
  return () => rm(mark, { force: true });
}

/** Runs `body`, which opens the database, while nobody else opens, replaces or recovers it. `body` is
 * told whether nobody else has it open. */
export async function whileOpening<T>(
  store: string,
  user: StoreUser,
  body: (isAlone: boolean) => Promise<T>,
): Promise<T> {
  const seen: SeenMark = { text: '', since: performance.now() };
  let removeMark = await setMark(store, OPENING);
  while (removeMark === undefined) {
    await waitForMark(store, seen);
    removeMark = await setMark(store, OPENING);
  }
  try {
    const result = await body(!(await hasOthers(store, user, OPEN)));
    await rename(user.file, `${user.file}${OPEN}`);
    user.file += OPEN;
    return result;
  } finally {
    await removeMark();
  }
}

/** Runs `body` while nobody else has the store open; false, without running it, where somebody has. */
export async function whileAlone(
  store: string,
  user: StoreUser,
  body: () => Promise<void>,
): Promise<boolean> {
  const removeMark = await setMark(store, 'replacing');
  if (removeMark === undefined) return false;
  try {
    if (await hasOthers(store, user)) return false;
    await body();
    return true;
  } finally {
    await removeMark();
  }
}

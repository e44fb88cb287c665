// Writes a file so that a reader sees the old content or the new one, never a part: the bytes go to a
// temporary name, are flushed, and are then renamed.
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Flushes the entries of a folder. Some systems cannot open folders; there the rename is all. */
async function flushFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Puts `data` at `path` by way of `temporary`, which must be on the same file system and not exist.
 * When it resolves, the content is on disk; when it rejects, `path` is as it was. */
export async function replaceFile(
  temporary: string,
  path: string,
  data: Uint8Array,
): Promise<void> {
  try {
    const handle = await open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(data);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await flushFolder(dirname(path));
}

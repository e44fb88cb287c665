// LMDB maps its file and trusts it: opening one that was cut off or overwritten ends the process. So
// the two meta pages are read first.
import { open } from 'node:fs/promises';
import { newestMeta } from './lmdb-meta.js';
import { treesLieWithin } from './lmdb-page-walk.js';

/** Why the LMDB file cannot be opened; undefined when it may be, or does not exist. Finds files that
 * are cut off or are something else; it reads the trees only where the file is shorter than its pages. */
export async function lmdbFileProblem(path: string): Promise<string | undefined> {
  let file;
  try {
    file = await open(path, 'r');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? undefined : message;
  }
  try {
    if ((await file.stat()).size === 0) return undefined;
    const meta = newestMeta(file.fd);
    if (!meta) return 'its database is damaged or is none';
    const { pageSize, roots, transaction } = meta;
    // Asked for after the meta page: a process that commits in between has made the file longer first.
    const { size } = await file.stat();
    const needed = (meta.lastPage + 1n) * BigInt(pageSize);
    if (BigInt(size) >= needed || (await treesLieWithin(file, roots, { size, pageSize }))) {
      return undefined;
    }
    // Where a process writes meanwhile, pages change while they are read; it has the file open, though.
    if (newestMeta(file.fd)?.transaction !== transaction) return undefined;
    return `its database is cut off: ${size} bytes of ${needed}`;
  } finally {
    await file.close();
  }
}

// Files below the folders that a binding grants, reading and writing apart.
import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { mkdir, open, readdir, realpath, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DiagnosticError, diagnostic, printable } from '@basalt/diagnostics';
import { MAX_VALUE_BYTES, checkValue } from '../capability-arguments.js';
import type { FileSystem } from '../capability-set.js';
import { replaceFile } from '../disk/replace-file.js';
import { grantedPath } from './granted-path.js';

export interface DiskFsOptions {
  /** Folders that may be read and listed; a relative path is below the first. They must exist. */
  readonly readRoots?: readonly string[];
  /** Folders that may be written; a relative path is below the first. They must exist. */
  readonly writeRoots?: readonly string[];
  /** Largest file read or written, in bytes; 64 MiB by default. */
  readonly maxFileBytes?: number;
}

function unusable(call: string, path: string, cause: unknown): DiagnosticError {
  if (cause instanceof DiagnosticError) return cause;
  const { code, message } = cause as NodeJS.ErrnoException;
  const shown = JSON.stringify(printable(path.slice(0, 200)));
  const reason = code === 'ENOENT' ? 'it does not exist' : (code ?? message);
  return new DiagnosticError([diagnostic.CAP112({ call, path: shown, reason })], { cause });
}

async function realRoots(roots: readonly string[] = []): Promise<readonly string[]> {
  return Promise.all(
    roots.map(async (root) => {
      try {
        const real = await realpath(root);
        if ((await stat(real)).isDirectory()) return real;
      } catch (error) {
        const reason = (error as Error).message;
        throw new DiagnosticError([diagnostic.CAP105({ folder: root, reason })], { cause: error });
      }
      throw new DiagnosticError([diagnostic.CAP105({ folder: root, reason: 'it is no folder' })]);
    }),
  );
}

async function readWhole(path: string, limit: number): Promise<Uint8Array> {
  // Without waiting, so that a named pipe does not hang; not through a link that came in between.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const file = await open(path, flags);
  try {
    const found = await file.stat();
    if (!found.isFile()) throw new Error('it is no plain file');
    const tooLarge = `it has more than ${limit} bytes`;
    if (found.size > limit) throw new Error(tooLarge);
    // One byte more than it should have: a file that grows is noticed, and not read to its end.
    const buffer = Buffer.alloc(Math.min(found.size, limit) + 1);
    let size = 0;
    while (size < buffer.length) {
      const { bytesRead } = await file.read(buffer, size, buffer.length - size, size);
      if (bytesRead === 0) break;
      size += bytesRead;
    }
    if (size > found.size) throw new Error('it grew while it was read');
    return new Uint8Array(buffer.subarray(0, size));
  } finally {
    await file.close();
  }
}

async function listFolder(path: string): Promise<readonly string[]> {
  const found = await readdir(path, { withFileTypes: true });
  return found.map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name)).sort();
}

/** A file system confined to the granted folders. `write` makes missing folders and replaces a file
 * as a whole; `list` gives sorted names, those of folders with "/" at the end; `remove` takes files
 * only. CAP105 when a root is no folder. */
export async function diskFs(options: DiskFsOptions = {}): Promise<FileSystem> {
  const limit = options.maxFileBytes ?? MAX_VALUE_BYTES;
  const readRoots = await realRoots(options.readRoots);
  const writeRoots = await realRoots(options.writeRoots);
  const guard = async <T>(call: string, path: string, body: () => Promise<T>): Promise<T> => {
    try {
      return await body();
    } catch (error) {
      throw unusable(call, path, error);
    }
  };
  return {
    read: (path) =>
      guard('fs.read', path, async () =>
        readWhole(await grantedPath('fs.read', path, readRoots), limit),
      ),
    list: (path) =>
      guard('fs.list', path, async () => listFolder(await grantedPath('fs.list', path, readRoots))),
    write: (path, data) =>
      guard('fs.write', path, async () => {
        checkValue('fs.write', 'fs.disk', data, limit);
        const content = new Uint8Array(data);
        const real = await grantedPath('fs.write', path, writeRoots);
        await mkdir(dirname(real), { recursive: true });
        await replaceFile(join(dirname(real), `.${randomUUID()}`), real, content);
      }),
    remove: (path) =>
      guard('fs.remove', path, async () =>
        rm(await grantedPath('fs.remove', path, writeRoots, true)),
      ),
  };
}

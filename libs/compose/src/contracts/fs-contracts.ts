// lcod://contract/core/fs/*@1, inside the folders that the host grants.
import { chmod, lstat, mkdir, open, readdir, readFile, stat } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { grantedPath, replaceFile } from '@basalt/capabilities';
import { diagnostic } from '@basalt/diagnostics';
import type { Value } from '@basalt/ir';
import picomatch from 'picomatch';
import { readablePath, writablePath } from '../host/compose-host.js';
import type { Component } from '../run/component.js';
import { ComposeError } from '../run/compose-error.js';
import type { State } from '../run/state.js';
import { encodeBytes, ENCODINGS } from './byte-encoding.js';
import { alias, defineContract } from './define-contract.js';
import { bytesOf, MAX_HELD_BYTES } from './source-chunks.js';

const CORE = 'lcod://contract/core/fs';
const AXIOM = 'lcod://axiom/fs';

const readFileContract = defineContract(
  `${CORE}/read-file@1`,
  async (input, call): Promise<Value> => {
    const encoding = input.word('encoding', ENCODINGS);
    const path = await readablePath(call.scope.run.host, input.text('path'));
    const { size, mtime } = await stat(path);
    if (size > MAX_HELD_BYTES) {
      throw ComposeError.of(diagnostic.COMP114({ what: 'The file', most: MAX_HELD_BYTES }));
    }
    const bytes = await readFile(path, { signal: call.signal });
    return {
      data: encodeBytes(bytes, encoding),
      encoding,
      size: bytes.byteLength,
      mtime: mtime.toISOString(),
    };
  },
);

const writeFileContract = defineContract(
  `${CORE}/write-file@1`,
  async (input, call): Promise<Value> => {
    const given = input.data('data') ?? input.refuse('data', 'a text or bytes', undefined);
    const data = typeof given === 'string' ? bytesOf(input, 'data', given) : given;
    const path = await writablePath(call.scope.run.host, input.text('path'));
    const mode = input.whole('mode', 0, 0o777);
    if (input.flag('createParents', false)) await mkdir(dirname(path), { recursive: true });
    if (input.flag('append', false)) {
      const file = await open(path, 'a', mode);
      try {
        await file.appendFile(data);
      } finally {
        await file.close();
      }
    } else {
      const before = await stat(path).catch(() => undefined);
      await replaceFile(join(dirname(path), `.${randomUUID()}`), path, data);
      await chmod(path, (before?.mode ?? 0o644) & 0o777);
    }
    if (mode !== undefined) await chmod(path, mode);
    const { mtime } = await stat(path);
    return { bytesWritten: data.byteLength, mtime: mtime.toISOString() };
  },
);

const statContract = defineContract(`${CORE}/stat@1`, async (input, call): Promise<Value> => {
  const path = input.text('path');
  const follows = input.flag('followSymlinks', true);
  const { host } = call.scope.run;
  const wanted = resolve(host.cwd, path);
  const real = await grantedPath('fs.stat', wanted, host.readRoots, !follows);
  const found = await (follows ? stat(real) : lstat(real)).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  });
  return {
    path,
    exists: found !== undefined,
    isFile: found?.isFile() ?? false,
    isDirectory: found?.isDirectory() ?? false,
    isSymlink: found?.isSymbolicLink() ?? false,
    size: found?.size ?? null,
    mtime: found?.mtime.toISOString() ?? null,
    ctime: found?.ctime.toISOString() ?? null,
  };
});

interface ListOptions {
  readonly recursive: boolean;
  readonly maxDepth: number;
  readonly includeStats: boolean;
  readonly includeHidden: boolean;
  readonly matches: (way: string) => boolean;
}

const listDir = defineContract(`${CORE}/list-dir@1`, async (input, call): Promise<Value> => {
  const path = input.text('path');
  const pattern = input.optionalText('pattern');
  const includeHidden = input.flag('includeHidden', false);
  const isMatch = pattern === undefined ? undefined : picomatch(pattern, { dot: includeHidden });
  const options: ListOptions = {
    recursive: input.flag('recursive', false),
    maxDepth: input.whole('maxDepth', 0) ?? Number.POSITIVE_INFINITY,
    includeStats: input.flag('includeStats', false),
    includeHidden,
    matches: (way) => isMatch === undefined || isMatch(way) || isMatch(basename(way)),
  };
  const root = await readablePath(call.scope.run.host, path);
  const entries: State[] = [];
  await listInto(entries, { root, shown: path, folder: root, depth: 0 }, options, () =>
    call.ensureNotCancelled(),
  );
  return { entries };
});

interface ListPlace {
  readonly root: string;
  /** The root as the caller wrote it. */
  readonly shown: string;
  readonly folder: string;
  readonly depth: number;
}

/** Entries by name, those of a folder after the folder itself. Links are listed and not followed. */
async function listInto(
  entries: State[],
  place: ListPlace,
  options: ListOptions,
  goOn: () => void,
): Promise<void> {
  goOn();
  const found = await readdir(place.folder, { withFileTypes: true });
  found.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of found) {
    if (entry.name.startsWith('.') && !options.includeHidden) continue;
    const path = join(place.folder, entry.name);
    const way = relative(place.root, path).split(sep).join('/');
    const type = entry.isDirectory() ? 'directory' : entry.isSymbolicLink() ? 'symlink' : 'file';
    if (options.matches(way)) {
      const stats = options.includeStats ? await lstat(path) : undefined;
      entries.push({
        name: entry.name,
        path: join(place.shown, way),
        type,
        ...(stats === undefined ? {} : { size: stats.size, mtime: stats.mtime.toISOString() }),
      });
    }
    if (type === 'directory' && options.recursive && place.depth < options.maxDepth) {
      await listInto(entries, { ...place, folder: path, depth: place.depth + 1 }, options, goOn);
    }
  }
}

export const FS_CONTRACTS: readonly Component[] = [
  ...alias(readFileContract, `${AXIOM}/read-file@1`),
  ...alias(writeFileContract, `${AXIOM}/write-file@1`),
  ...alias(listDir, `${AXIOM}/list-dir@1`),
  ...alias(statContract, `${AXIOM}/stat@1`),
];

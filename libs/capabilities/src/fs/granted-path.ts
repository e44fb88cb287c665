// Where a path of a node really leads, and whether the binding grants it. Links are resolved before
// the question is asked, so a link inside a granted folder does not lead out of it. A process that
// swaps folders for links during a call is not defended against.
import { lstat, realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { DiagnosticError, diagnostic, printable } from '@basalt/diagnostics';

const LONGEST_PATH = 4096;

/** CAP111 for a path that is not granted. */
export function refusedPath(call: string, path: string, reason: string): DiagnosticError {
  const shown = JSON.stringify(printable(path.slice(0, 200)));
  return new DiagnosticError([diagnostic.CAP111({ call, path: shown, reason })]);
}

function isInside(path: string, root: string): boolean {
  const way = relative(root, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

function checkText(call: string, path: unknown): asserts path is string {
  if (typeof path !== 'string') throw refusedPath(call, String(path), 'a path is a text');
  if (path.includes('\0')) throw refusedPath(call, path, 'it holds a NUL');
  if (path.length > LONGEST_PATH) throw refusedPath(call, path, 'it is too long');
  if (path.split(/[\\/]/).includes('..')) throw refusedPath(call, path, 'it holds ".."');
}

/** The path with every link of its existing part resolved; what does not exist is kept as it is. */
async function resolveLinks(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  // A link to nothing exists itself; writing through it would make its target.
  const isLink = await lstat(path).then(
    (found) => found.isSymbolicLink(),
    () => false,
  );
  if (isLink) throw new Error('it is a link to nothing');
  return join(await resolveLinks(dirname(path)), basename(path));
}

/** The real path of `path`, which must be inside one of `roots` (real paths): a relative one is below
 * the first. `keepLast` leaves a link at the end as it is. CAP111 when it is not granted. */
export async function grantedPath(
  call: string,
  path: string,
  roots: readonly string[],
  keepLast = false,
): Promise<string> {
  checkText(call, path);
  const [first] = roots;
  if (first === undefined) throw refusedPath(call, path, 'the binding grants no folder for this');
  const wanted = resolve(first, path);
  let real: string;
  try {
    real = keepLast
      ? join(await resolveLinks(dirname(wanted)), basename(wanted))
      : await resolveLinks(wanted);
  } catch (error) {
    throw refusedPath(call, path, (error as Error).message);
  }
  if (roots.some((root) => isInside(real, root))) return real;
  throw refusedPath(call, path, 'it is not below a granted folder');
}

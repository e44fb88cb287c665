// Files in and out of the command line: every refusal of the operating system becomes a coded finding,
// and nothing is ever left half-written.
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { DiagnosticError, diagnostic } from '@basalt/diagnostics';
import type { CommandIo } from './terminal/command-io.js';

/** The text of a file that was named on the command line; - is stdin. */
export async function readTextArgument(file: string, io: CommandIo): Promise<string> {
  if (file === '-') return new TextDecoder().decode(await io.readStdin());
  try {
    return await readFile(resolve(io.cwd, file), 'utf8');
  } catch (error) {
    throw fileError(file, 'read', error);
  }
}

/** Writes to a temporary name beside the target, then renames. Folders are made as needed. */
export async function writeFileArgument(
  file: string,
  data: string | Uint8Array,
  io: CommandIo,
): Promise<void> {
  const target = resolve(io.cwd, file);
  const temporary = `${target}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await mkdir(dirname(target), { recursive: true });
    await writeFile(temporary, data, { flag: 'wx' });
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw fileError(file, 'written', error);
  }
}

export function fileError(file: string, verb: 'read' | 'written', error: unknown): DiagnosticError {
  const { code, message } = error as NodeJS.ErrnoException;
  const reason = code === 'ENOENT' ? 'there is no such file' : message;
  return new DiagnosticError([diagnostic.CLI007({ file, verb, reason }, { file })], {
    cause: error,
  });
}

// Files in and out of the command line: every refusal of the operating system becomes a coded finding,
// and nothing is ever left half-written.
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { DiagnosticError, diagnostic } from '@basalt/diagnostics';
import type { CommandIo } from './terminal/command-io.js';

/** The text of a file that was named on the command line; - is stdin. Throws CLI007. */
export async function readTextArgument(file: string, io: CommandIo): Promise<string> {
  const bytes = file === '-' ? await io.readStdin() : await readBytes(file, io);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw unusable(file === '-' ? 'stdin' : file, 'read', 'it is not UTF-8 text', error);
  }
}

async function readBytes(file: string, io: CommandIo): Promise<Uint8Array> {
  try {
    return await readFile(resolve(io.cwd, file));
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
  const { code = '', message } = error as NodeJS.ErrnoException;
  return unusable(file, verb, REASONS[code] ?? message, error);
}

function unusable(file: string, verb: string, reason: string, cause: unknown): DiagnosticError {
  return new DiagnosticError([diagnostic.CLI007({ file, verb, reason }, { file })], { cause });
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EEXIST: 'a part of the path is a file, not a folder',
  EACCES: 'this user may not',
  EPERM: 'this user may not',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  ENAMETOOLONG: 'the name is too long',
  ELOOP: 'its links lead in a circle',
};

// The folder of a disk store: it is made when missing, and a format file at its top says who may read
// it. A folder that holds anything else is refused rather than mixed with.
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { DiagnosticError, diagnostic } from '@basalt/diagnostics';
import { replaceFile } from './replace-file.js';

const FORMAT_FILE = 'FORMAT';
const FORMAT_LINE = /^([a-z][a-z-]*) (\d{1,9})\n$/;

/** What the format file of a store says. */
export interface StoreFormat {
  /** Lower-case letters and hyphens. */
  readonly name: string;
  /** Raised with every change of the layout that an older release would misread. */
  readonly version: number;
  /** Commits to its tables are logged, at one flush each instead of two; the same for all who open it. */
  readonly logged?: boolean;
}

function refused(folder: string, reason: string, cause?: unknown): DiagnosticError {
  return new DiagnosticError([diagnostic.CAP105({ folder, reason })], { cause });
}

async function readFormat(folder: string): Promise<string | undefined> {
  try {
    return await readFile(join(folder, FORMAT_FILE), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function checkFormat(folder: string, shown: string, format: StoreFormat): Promise<void> {
  const text = await readFormat(folder);
  if (text === undefined) {
    const others = (await readdir(folder)).filter((name) => !name.startsWith(`${FORMAT_FILE}.`));
    if (others.length > 0) throw refused(shown, 'it holds other files, and no store');
    const line = `${format.name} ${format.version}\n`;
    const temporary = join(folder, `${FORMAT_FILE}.${randomUUID()}`);
    await replaceFile(temporary, join(folder, FORMAT_FILE), Buffer.from(line));
    return;
  }
  const [, name, found] = FORMAT_LINE.exec(text) ?? [];
  if (name !== format.name || found === undefined) {
    throw refused(shown, `its FORMAT file is not one of a ${format.name}`);
  }
  if (Number(found) !== format.version) {
    throw new DiagnosticError([
      diagnostic.CAP106({ folder: shown, found, supported: format.version }),
    ]);
  }
}

/** Makes the folder a store, or checks that it is one; gives its real path. CAP105 or CAP106. */
export async function prepareStoreFolder(folder: string, format: StoreFormat): Promise<string> {
  if (folder === '' || folder.includes('\0')) {
    throw refused(JSON.stringify(folder), 'this is no name of a folder');
  }
  try {
    await mkdir(folder, { recursive: true });
    const real = await realpath(folder);
    await checkFormat(real, folder, format);
    return real;
  } catch (error) {
    if (error instanceof DiagnosticError) throw error;
    throw refused(folder, (error as Error).message, error);
  }
}

// flows init [DIR]: a new flow project that checks, runs and tests at once, without an install: it is
// linked to the command that made it.
import { mkdir, readdir, stat, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { DiagnosticError, diagnostic } from '@basalt/diagnostics';
import type { Argv } from 'yargs';
import { EXIT, type ExitCode } from '../exit-code.js';
import { projectFiles } from '../templates/typescript-project.js';
import type { CommandIo } from '../terminal/command-io.js';
import { fileError } from '../write-file.js';

export interface InitProjectArgs {
  readonly dir?: string | undefined;
  readonly lang: 'ts';
}

export const initProjectOptions = (y: Argv) =>
  y
    .positional('dir', { type: 'string', describe: 'The new folder; this one when absent' })
    .option('lang', { choices: ['ts'] as const, default: 'ts' as const, describe: 'Language' })
    .example('$0 init hello', 'Then: cd hello && npm test');

export async function initProject(args: InitProjectArgs, io: CommandIo): Promise<ExitCode> {
  const shown = args.dir ?? '.';
  const folder = resolve(io.cwd, shown);
  await requireEmpty(folder, shown);
  const packages = linkedPackages(io.installation);
  const files = projectFiles(projectName(folder), `file:${packages['@basalt/cli']}`);
  try {
    for (const [path, text] of Object.entries(files)) await writeNew(join(folder, path), text);
    await link(folder, packages);
  } catch (error) {
    throw fileError(shown, 'written', error);
  }
  io.err(`Made ${shown} with ${Object.keys(files).join(', ')}.\n`);
  const enter = shown === '.' ? '' : `cd ${shellWord(shown)} && `;
  io.out(`${enter}npm test\n`);
  return EXIT.done;
}

async function requireEmpty(folder: string, shown: string): Promise<void> {
  const found = await stat(folder).catch(() => undefined);
  if (found === undefined) return;
  const names = found.isDirectory() ? await readdir(folder) : [basename(folder)];
  if (names.length === 0) return;
  const listed = names.slice(0, 3).join(', ') + (names.length > 3 ? ', ...' : '');
  throw new DiagnosticError([diagnostic.CLI008({ folder: shown, found: listed })]);
}

/** A path as a shell takes it. */
function shellWord(path: string): string {
  return /^[\w./@%+,-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}

/** A name that npm accepts. */
function projectName(folder: string): string {
  const name = basename(folder)
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return name || 'flows';
}

/** The packages that a project needs, with the folders that they are in now. */
function linkedPackages(
  installation: string,
): Readonly<Record<'@basalt/cli' | '@basalt/flow-dsl', string>> {
  const require = createRequire(join(installation, 'main.js'));
  return {
    '@basalt/cli': dirname(installation),
    '@basalt/flow-dsl': dirname(require.resolve('@basalt/flow-dsl/package.json')),
  };
}

async function writeNew(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text, { flag: 'wx' });
}

async function link(folder: string, packages: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, target] of Object.entries(packages)) {
    const place = join(folder, 'node_modules', name);
    await mkdir(dirname(place), { recursive: true });
    await symlink(relative(dirname(place), target), place, 'dir');
  }
  const bin = join(folder, 'node_modules/.bin');
  await mkdir(bin, { recursive: true });
  await symlink('../@basalt/cli/dist/main.js', join(bin, 'flows'));
}

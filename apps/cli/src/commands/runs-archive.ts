// flows runs export and import: runs in a file, to keep or to look at on another machine.
import { createReadStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { openJournal } from '@basalt/queue-worker-app';
import type { Argv } from 'yargs';
import { withHostWords } from '../durable/host-words.js';
import { journalOptions, withRuns, type JournalArgs } from '../durable/journal-options.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import type { CommandIo } from '../terminal/command-io.js';
import { fileError } from '../write-file.js';

export interface RunsExportArgs extends JournalArgs {
  readonly run?: readonly string[] | undefined;
  readonly out: string;
  readonly json?: boolean | undefined;
}

export interface RunsImportArgs extends JournalArgs {
  readonly file: string;
  readonly json?: boolean | undefined;
}

export const runsExportOptions = (y: Argv) =>
  journalOptions(y)
    .positional('run', { type: 'string', array: true, describe: 'Ids; all runs when absent' })
    .option('out', {
      type: 'string',
      demandOption: true,
      describe: 'File to write',
      requiresArg: true,
    })
    .option('json', { type: 'boolean', describe: 'Print {file, bytes}' })
    .example('$0 runs export --out runs.cbor', 'All runs in one file');

export const runsImportOptions = (y: Argv) =>
  journalOptions(y)
    .positional('file', { type: 'string', demandOption: true, describe: 'What export wrote' })
    .option('json', { type: 'boolean', describe: 'Print {taken}' })
    .example('$0 runs import runs.cbor --journal elsewhere', 'Take runs in');

export async function runsExport(args: RunsExportArgs, io: CommandIo): Promise<ExitCode> {
  const { run = [], out } = args;
  const bytes = await withRuns(args, io, (store) =>
    writeChunks(resolve(io.cwd, out), out, store.exportRuns(run.length === 0 ? undefined : run)),
  );
  if (args.json === true) io.out(`${JSON.stringify({ file: out, bytes }, null, 2)}\n`);
  else io.out(`${out}: ${bytes} bytes\n`);
  return EXIT.done;
}

/** Runs that are known already are left alone. */
export async function runsImport(args: RunsImportArgs, io: CommandIo): Promise<ExitCode> {
  const { journal: dir, backend, url, file } = args;
  const source = resolve(io.cwd, file);
  // A missing file must not leave an empty journal.
  await open(source).then(
    (handle) => handle.close(),
    (error: unknown) => {
      throw fileError(file, 'read', error);
    },
  );
  const store = await withHostWords(() => openJournal({ dir, backend, url }, io));
  try {
    const taken = await store.importRuns(readChunks(source, file));
    if (args.json === true) io.out(`${JSON.stringify({ taken }, null, 2)}\n`);
    else io.out(`${taken.length} taken in\n`);
    return EXIT.done;
  } finally {
    await store.close();
  }
}

async function* readChunks(source: string, shown: string): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of createReadStream(source)) yield chunk as Buffer;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
    throw fileError(shown, 'read', error);
  }
}

/** Under a temporary name until it is whole. */
async function writeChunks(
  target: string,
  shown: string,
  chunks: AsyncIterable<Uint8Array>,
): Promise<number> {
  const temporary = `${target}.${process.pid}.tmp`;
  const handle = await open(temporary, 'w').catch((error: unknown) => {
    throw fileError(shown, 'written', error);
  });
  try {
    let bytes = 0;
    for await (const chunk of chunks) bytes += await append(handle, chunk, shown);
    await handle.close();
    await rename(temporary, target).catch((error: unknown) => {
      throw fileError(shown, 'written', error);
    });
    return bytes;
  } catch (error) {
    await handle.close().catch(() => undefined);
    await rm(temporary, { force: true });
    throw error;
  }
}

async function append(
  handle: Awaited<ReturnType<typeof open>>,
  chunk: Uint8Array,
  shown: string,
): Promise<number> {
  try {
    await handle.appendFile(chunk);
    return chunk.byteLength;
  } catch (error) {
    throw fileError(shown, 'written', error);
  }
}

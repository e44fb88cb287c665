// The options that say where journals are kept, for every command about journaled runs.
import { STORES, openJournal } from '@basalt/queue-worker-app';
import type { JournalStore } from '@basalt/journal';
import type { Argv } from 'yargs';
import type { CommandIo } from '../terminal/command-io.js';
import { withHostWords } from './host-words.js';

export interface JournalArgs {
  readonly journal: string;
  readonly backend: (typeof STORES)[number];
  readonly url?: string | undefined;
}

/** Adds the words. */
export function journalOptions<T>(y: Argv<T>): Argv<T> {
  return y
    .option('journal', {
      type: 'string',
      default: '.flows',
      describe: 'Folder of the journals',
      requiresArg: true,
    })
    .option('backend', {
      choices: STORES,
      default: 'embedded',
      describe: 'Where the journals are kept',
    })
    .option('url', {
      type: 'string',
      describe: 'Redis server, such as redis://127.0.0.1:6379',
      requiresArg: true,
    });
}

/** The journal that the options name, which has to be there already. */
export function openRuns(args: JournalArgs, io: CommandIo): Promise<JournalStore> {
  const { journal: dir, backend, url } = args;
  return withHostWords(() => openJournal({ dir, backend, url }, io, { mustExist: true }));
}

/** The options again, as words to type after a command. */
export function journalWords({ journal, backend, url }: JournalArgs): string {
  if (backend !== 'embedded') return ` --backend ${backend} --url ${url}`;
  return journal === '.flows' ? '' : ` --journal ${journal}`;
}

/** Opens the journal for as long as `body` takes. */
export async function withRuns<T>(
  args: JournalArgs,
  io: CommandIo,
  body: (store: JournalStore) => Promise<T>,
): Promise<T> {
  const store = await openRuns(args, io);
  try {
    return await body(store);
  } finally {
    await store.close();
  }
}

// flows runs prune: removes ended runs that nobody needs any more.
import type { Argv } from 'yargs';
import { journalOptions, withRuns, type JournalArgs } from '../durable/journal-options.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import type { CommandIo } from '../terminal/command-io.js';
import { UsageError } from '../usage-error.js';

export interface RunsPruneArgs extends JournalArgs {
  readonly olderThan?: string | undefined;
  readonly keep?: number | undefined;
  readonly compact?: boolean | undefined;
  readonly json?: boolean | undefined;
}

export const runsPruneOptions = (y: Argv) =>
  journalOptions(y)
    .option('older-than', {
      type: 'string',
      describe: 'Runs that ended so long ago: 7d, 12h, 30m, 90s',
      requiresArg: true,
    })
    .option('keep', {
      type: 'number',
      describe: 'Ended runs of each flow that stay, the newest',
      requiresArg: true,
    })
    .option('compact', { type: 'boolean', describe: 'Give the space back to the disk' })
    .option('json', { type: 'boolean', describe: 'Print {removed, before, after}' })
    .example('$0 runs prune --older-than 7d --keep 100', 'What is neither new nor needed');

const UNITS: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

export async function runsPrune(args: RunsPruneArgs, io: CommandIo): Promise<ExitCode> {
  const { keep, olderThan } = args;
  if (olderThan === undefined && keep === undefined && args.compact !== true) {
    throw new UsageError('Say what is to be removed.', 'Give --older-than 7d, --keep 100 or both.');
  }
  if (keep !== undefined && (!Number.isSafeInteger(keep) || keep < 0)) {
    throw new UsageError('--keep takes a whole number of at least 0.');
  }
  const endedBefore = olderThan === undefined ? undefined : Date.now() - durationOf(olderThan);
  const { removed, sizes } = await withRuns(args, io, async (store) => ({
    removed:
      endedBefore === undefined && keep === undefined
        ? 0
        : await store.prune({ endedBefore, keep }),
    sizes: args.compact === true ? await store.compact() : undefined,
  }));
  if (args.json === true) {
    io.out(`${JSON.stringify({ removed, ...sizes }, null, 2)}\n`);
    return EXIT.done;
  }
  io.out(`${removed} removed\n`);
  if (sizes !== undefined) io.out(`${sizes.before} bytes before, ${sizes.after} after\n`);
  return EXIT.done;
}

function durationOf(text: string): number {
  const [, number, unit = ''] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
  if (number === undefined) {
    throw new UsageError(`--older-than takes a time such as 7d, 12h, 30m or 90s, not ${text}.`);
  }
  return Number(number) * UNITS[unit]!;
}

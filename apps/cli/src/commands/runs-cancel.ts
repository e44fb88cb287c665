// flows runs cancel RUN: ends a run, at once where nobody executes it, else by asking its owner.
import type { Argv } from 'yargs';
import { journalOptions, withRuns, type JournalArgs } from '../durable/journal-options.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import type { CommandIo } from '../terminal/command-io.js';

export interface RunsCancelArgs extends JournalArgs {
  readonly run: string;
  readonly reason: string;
  readonly json?: boolean | undefined;
}

export const runsCancelOptions = (y: Argv) =>
  journalOptions(y)
    .positional('run', { type: 'string', demandOption: true, describe: 'Id of the run' })
    .option('reason', {
      type: 'string',
      default: 'somebody cancelled it by hand',
      describe: 'Kept with the run',
      requiresArg: true,
    })
    .option('json', { type: 'boolean', describe: 'Print {run_id, cancelled}' })
    .example("$0 runs cancel RUN --reason 'wrong customer'", 'End a run');

const TEXT = {
  asked: 'Its owner was asked to cancel it.',
  cancelled: 'It is cancelled.',
  ended: 'It had ended before.',
} as const;

/** Exit 1 for a run that had ended before. */
export async function runsCancel(args: RunsCancelArgs, io: CommandIo): Promise<ExitCode> {
  const answer = await withRuns(args, io, (store) => store.cancel(args.run, args.reason));
  if (args.json === true) {
    io.out(`${JSON.stringify({ run_id: args.run, cancelled: answer }, null, 2)}\n`);
  } else {
    io.out(`${TEXT[answer]}\n`);
  }
  return answer === 'ended' ? EXIT.failed : EXIT.done;
}

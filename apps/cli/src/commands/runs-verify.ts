// flows runs verify: reads every record and says which are damaged.
import { printable } from '@basalt/diagnostics';
import type { Argv } from 'yargs';
import { journalOptions, withRuns, type JournalArgs } from '../durable/journal-options.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import type { CommandIo } from '../terminal/command-io.js';

export interface RunsVerifyArgs extends JournalArgs {
  readonly repair?: boolean | undefined;
  readonly json?: boolean | undefined;
}

export const runsVerifyOptions = (y: Argv) =>
  journalOptions(y)
    .option('repair', {
      type: 'boolean',
      describe: 'Cut damaged runs back to their last good record',
    })
    .option('json', { type: 'boolean', describe: 'Print {status, faults}' })
    .example('$0 runs verify', 'Is every record what was written?');

/** Exit 1 when there is damage that was not repaired. */
export async function runsVerify(args: RunsVerifyArgs, io: CommandIo): Promise<ExitCode> {
  const repair = args.repair === true;
  const faults = await withRuns(args, io, (store) => store.verify({ repair }));
  const isGood = faults.every(({ repaired }) => repaired);
  if (args.json === true) {
    const shown = faults.map(({ runId, ...rest }) => ({ run_id: runId, ...rest }));
    const document = { status: isGood ? 'ok' : 'damaged', faults: shown };
    io.out(`${JSON.stringify(document, null, 2)}\n`);
    return isGood ? EXIT.done : EXIT.failed;
  }
  for (const { runId, at, reason, repaired } of faults) {
    const mended = repaired ? ' (repaired)' : '';
    io.out(`${printable(runId)}  record ${at}: ${printable(reason)}${mended}\n`);
  }
  if (faults.length === 0) io.out('Every record is good.\n');
  else if (!isGood) io.err('Cut damaged runs back with: flows runs verify --repair\n');
  return isGood ? EXIT.done : EXIT.failed;
}

// flows examples: the flows that ship with the command.
import type { Argv } from 'yargs';
import { EXIT, type ExitCode } from '../exit-code.js';
import { catalogue } from '../example-catalogue.js';
import type { CommandIo } from '../terminal/command-io.js';

export interface ListExamplesArgs {
  readonly json?: boolean | undefined;
}

export const listExamplesOptions = (y: Argv) =>
  y
    .option('json', { type: 'boolean', describe: 'Print one JSON document' })
    .example('$0 examples', 'One line each');

export function listExamples(args: ListExamplesArgs, io: CommandIo): ExitCode {
  const entries = catalogue(io.installation);
  if (args.json === true) {
    io.out(`${JSON.stringify(entries, null, 2)}\n`);
    return EXIT.done;
  }
  const width = Math.max(...entries.map(({ name }) => name.length));
  for (const { name, summary } of entries) {
    io.out(`${io.outStyle.bold(name.padEnd(width))}  ${summary}\n`);
  }
  return EXIT.done;
}

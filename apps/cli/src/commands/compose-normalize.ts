// flows compose normalize FILE: the canonical form, as JSON.
import type { Argv } from 'yargs';
import { requireCompose } from '../compose/read-compose-argument.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import type { CommandIo } from '../terminal/command-io.js';

export interface ComposeNormalizeArgs {
  readonly file: string;
  readonly json?: boolean | undefined;
}

export const composeNormalizeOptions = (y: Argv) =>
  y
    .positional('file', { type: 'string', demandOption: true, describe: 'compose.yaml, or -' })
    .option('json', { type: 'boolean', describe: 'In one line' })
    .example('$0 compose normalize compose.yaml', 'All sugar written out');

export async function composeNormalize(
  args: ComposeNormalizeArgs,
  io: CommandIo,
): Promise<ExitCode> {
  const { compose } = await requireCompose(args.file, io);
  const document = { compose: compose.steps };
  await io.out(`${JSON.stringify(document, null, args.json === true ? 0 : 2)}\n`);
  return EXIT.done;
}

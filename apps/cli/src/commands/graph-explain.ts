// flows graph explain CODE: the reference page of a diagnostic.
import { explainCode, suggestCode } from '@basalt/diagnostics';
import type { Argv } from 'yargs';
import { EXIT, type ExitCode } from '../exit-code.js';
import type { CommandIo } from '../terminal/command-io.js';
import { UsageError } from '../usage-error.js';

export interface GraphExplainArgs {
  readonly code: string;
  readonly json?: boolean | undefined;
}

export const graphExplainOptions = (y: Argv) =>
  y
    .positional('code', { type: 'string', demandOption: true, describe: 'Such as DAG200' })
    .option('json', { type: 'boolean', describe: 'Print one JSON document' })
    .example('$0 graph explain DAG200', 'What a cycle is and how to mend it');

export function graphExplain(args: GraphExplainArgs, io: CommandIo): ExitCode {
  const page = explainCode(args.code.toUpperCase());
  if (page === undefined) {
    const near = suggestCode(args.code);
    throw new UsageError(
      `There is no diagnostic ${args.code}.`,
      near === undefined ? 'docs/reference/diagnostics lists them all.' : `Did you mean ${near}?`,
    );
  }
  if (args.json === true) {
    io.out(`${JSON.stringify(page, null, 2)}\n`);
    return EXIT.done;
  }
  const title = io.outStyle.bold;
  io.out(
    `${title(`${page.code}: ${page.summary}`)}\n` +
      `${page.severity}, ${page.subsystem}\n\n` +
      `  ${page.template}\n\n` +
      `${title('Why it matters.')} ${page.why}\n\n` +
      `${title('How to fix it.')} ${page.fix}\n\n` +
      `${title('Example.')} ${page.example}\n`,
  );
  return EXIT.done;
}

// A program that hosts flows, from its command line to its exit code.
import { fileURLToPath } from 'node:url';
import { DiagnosticError, formatDiagnostic } from '@basalt/diagnostics';
import { MissingToolError } from '@basalt/flow-loader';
import yargs, { type Argv } from 'yargs';
import { HostUsageError, type HostOutside } from './host-outside.js';
import { shippedFlows } from './shipped-flows.js';

/** As the exit codes of `flows`: done, failed, wrong usage, environment. */
const EXIT = { done: 0, failed: 1, usage: 2, environment: 3, cancelled: 130 } as const;

/** One that takes flows and options. */
export interface HostProgram<Args> {
  readonly name: string;
  readonly describe: string;
  options(y: Argv): Argv;
  /** Hosts the flows until a signal comes, and gives how many came. */
  host(args: Args, outside: HostOutside): Promise<number>;
}

const say = (text: string) => void process.stderr.write(text);

/** Runs the program of this process, which then ends.
 * @param moduleUrl of its main file, beside which the shipped flows are */
export async function runProgram<Args>(
  program: HostProgram<Args>,
  moduleUrl: string,
): Promise<void> {
  const status = await statusOf(program, moduleUrl);
  process.stderr.write('', () => process.exit(status));
}

async function statusOf<Args>(program: HostProgram<Args>, moduleUrl: string): Promise<number> {
  try {
    const outside = {
      cwd: process.cwd(),
      env: process.env,
      err: say,
      ...shippedFlows(fileURLToPath(new URL('.', moduleUrl))),
    };
    const signals = await program.host(parse(program, process.argv.slice(2)), outside);
    return signals > 1 ? EXIT.cancelled : EXIT.done;
  } catch (error) {
    return statusOfError(error);
  }
}

function parse<Args>(program: HostProgram<Args>, words: readonly string[]): Args {
  // yargs would drop it without a word.
  if (words.includes('-')) throw new HostUsageError('- cannot be served: name a module.');
  const parser = yargs([...words])
    .scriptName(program.name)
    .command('$0 <flow..>', program.describe, (y: Argv) => program.options(y))
    .parserConfiguration({ 'greedy-arrays': false, 'dot-notation': false })
    .strict()
    .fail((message, error) => {
      throw error ?? new HostUsageError(message);
    });
  return parser.parseSync() as unknown as Args;
}

function statusOfError(error: unknown): number {
  if (error instanceof DiagnosticError) {
    for (const finding of error.diagnostics) say(`${formatDiagnostic(finding)}\n\n`);
    return EXIT.failed;
  }
  if (error instanceof MissingToolError) {
    say(`error: ${error.message}\nInstall it with: ${error.hint}\n`);
    return EXIT.environment;
  }
  if (!(error instanceof HostUsageError)) throw error;
  say(`error: ${error.message}\n`);
  return EXIT.usage;
}

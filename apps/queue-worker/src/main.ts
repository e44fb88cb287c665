#!/usr/bin/env node
// The queue worker as a program of its own: the same library as `flows queue run`, without the rest.
import { fileURLToPath } from 'node:url';
import { DiagnosticError, formatDiagnostic } from '@basalt/diagnostics';
import { MissingToolError } from '@basalt/flow-loader';
import yargs, { type Argv } from 'yargs';
import { HostUsageError } from './host-outside.js';
import { shippedFlows } from './shipped-flows.js';
import { workFlows } from './work-flows.js';
import { workerOptions, type WorkerArgs } from './worker-options.js';

/** As the exit codes of `flows`: done, failed, wrong usage, environment. */
const EXIT = { done: 0, failed: 1, usage: 2, environment: 3, cancelled: 130 } as const;

const say = (text: string) => void process.stderr.write(text);

function parse(words: readonly string[]): WorkerArgs {
  // yargs would drop it without a word.
  if (words.includes('-')) throw new HostUsageError('- cannot be served: name a module.');
  const parser = yargs([...words])
    .scriptName('basalt-queue-worker')
    .command('$0 <flow..>', 'Execute the jobs of a queue', (y: Argv) => workerOptions(y))
    .parserConfiguration({ 'greedy-arrays': false, 'dot-notation': false })
    .strict()
    .fail((message, error) => {
      throw error ?? new HostUsageError(message);
    });
  return parser.parseSync() as unknown as WorkerArgs;
}

async function main(): Promise<number> {
  try {
    const outside = {
      cwd: process.cwd(),
      env: process.env,
      err: say,
      ...shippedFlows(fileURLToPath(new URL('.', import.meta.url))),
    };
    return (await workFlows(parse(process.argv.slice(2)), outside)) > 1
      ? EXIT.cancelled
      : EXIT.done;
  } catch (error) {
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
}

const status = await main();
process.stderr.write('', () => process.exit(status));

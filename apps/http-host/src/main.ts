#!/usr/bin/env node
// The HTTP host as a program of its own: the same library as `flows run serve`, without the rest.
import { fileURLToPath } from 'node:url';
import { DiagnosticError, formatDiagnostic } from '@basalt/diagnostics';
import { MissingToolError } from '@basalt/flow-loader';
import { HostUsageError, shippedFlows } from '@basalt/queue-worker-app';
import yargs, { type Argv } from 'yargs';
import { serveOptions } from './serve-options.js';
import { serveFlows, type ServeArgs } from './serve-flows.js';

/** As the exit codes of `flows`: done, failed, wrong usage, environment. */
const EXIT = { done: 0, failed: 1, usage: 2, environment: 3, cancelled: 130 } as const;

const say = (text: string) => void process.stderr.write(text);

function parse(words: readonly string[]): ServeArgs {
  // yargs would drop it without a word.
  if (words.includes('-')) throw new HostUsageError('- cannot be served: name a module.');
  const parser = yargs([...words])
    .scriptName('basalt-http-host')
    .command('$0 <flow..>', 'Serve flows over HTTP', (y: Argv) => serveOptions(y))
    .parserConfiguration({ 'greedy-arrays': false, 'dot-notation': false })
    .strict()
    .fail((message, error) => {
      throw error ?? new HostUsageError(message);
    });
  return parser.parseSync() as unknown as ServeArgs;
}

async function main(): Promise<number> {
  try {
    const outside = {
      cwd: process.cwd(),
      env: process.env,
      err: say,
      ...shippedFlows(fileURLToPath(new URL('.', import.meta.url))),
    };
    return (await serveFlows(parse(process.argv.slice(2)), outside)) > 1
      ? EXIT.cancelled
      : EXIT.done;
  } catch (error) {
    if (error instanceof DiagnosticError) {
      for (const finding of error.diagnostics) say(`${formatDiagnostic(finding)}\n\n`);
      return EXIT.failed;
    }
    if (!(error instanceof HostUsageError) && !(error instanceof MissingToolError)) throw error;
    say(`error: ${error.message}\n`);
    return error instanceof HostUsageError ? EXIT.usage : EXIT.environment;
  }
}

const status = await main();
process.stderr.write('', () => process.exit(status));

#!/usr/bin/env node
// The `flows` command: runs one command line and turns its outcome into an exit status.
import { getEventListeners } from 'node:events';
import { fileURLToPath } from 'node:url';
import { EXIT } from './exit-code.js';
import { runFlowsCommand } from './flows-command.js';
import { processIo } from './terminal/command-io.js';

const interrupt = new AbortController();
const { signal } = interrupt;
const onInterrupt = (): void => {
  // An execution listens and cleans up first; everything else ends here.
  const isAwaited = getEventListeners(signal, 'abort').length > 0;
  interrupt.abort(new Error('it was interrupted'));
  if (!isAwaited) process.exit(EXIT.cancelled);
};
process.once('SIGINT', onInterrupt);
process.once('SIGTERM', onInterrupt);
// A reader that closes early (such as head) is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(EXIT.done);
  throw error;
});

const argv = process.argv.slice(2);
const io = processIo(signal, fileURLToPath(new URL('.', import.meta.url)));
let status: number;
try {
  status = await runFlowsCommand(argv, io);
} catch (error) {
  // Imported here only: what knows all diagnostics is not loaded to print a version.
  const { reportFailure } = await import('./report-failure.js');
  status = reportFailure(error, argv, io);
}
// What a handler left running must not keep the command; what was printed must arrive.
process.stdout.write('', () => process.stderr.write('', () => process.exit(status)));

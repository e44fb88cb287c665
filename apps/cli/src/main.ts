// The `flows` command: runs one command line and turns its outcome into an exit status.
import { EXIT } from './exit-code.js';
import { reportFailure } from './report-failure.js';
import { runFlowsCommand } from './flows-command.js';
import { processIo } from './terminal/command-io.js';

const interrupt = new AbortController();
process.once('SIGINT', () => interrupt.abort());
process.once('SIGTERM', () => interrupt.abort());
// A reader that closes early (such as head) is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(EXIT.done);
  throw error;
});

const argv = process.argv.slice(2);
const io = processIo(interrupt.signal);
try {
  process.exitCode = await runFlowsCommand(argv, io);
} catch (error) {
  process.exitCode = reportFailure(error, argv, io);
}

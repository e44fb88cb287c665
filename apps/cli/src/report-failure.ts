// What a command that could not go on says, and its exit status. With --json it is one document too.
import { DiagnosticError } from '@basalt/diagnostics';
import { MissingToolError } from '@basalt/flow-loader';
import { EXIT, type ExitCode } from './exit-code.js';
import type { CommandIo } from './terminal/command-io.js';
import { printFindings } from './terminal/print-findings.js';
import { UsageError } from './usage-error.js';

/** Rethrows what is a fault of the program itself. */
export function reportFailure(error: unknown, argv: readonly string[], io: CommandIo): ExitCode {
  if (io.signal.aborted) return EXIT.cancelled;
  const json = argv.includes('--json');
  if (error instanceof DiagnosticError) {
    const { diagnostics } = error;
    if (json) io.out(`${JSON.stringify({ status: 'failed', diagnostics }, null, 2)}\n`);
    else printFindings(io, diagnostics);
    return EXIT.failed;
  }
  if (error instanceof UsageError) {
    explain(io, json, error.message, error.hint);
    return EXIT.usage;
  }
  if (error instanceof MissingToolError) {
    explain(io, json, error.message, `Install it with: ${error.hint}`);
    return EXIT.environment;
  }
  throw error;
}

function explain(io: CommandIo, json: boolean, message: string, help: string | undefined): void {
  if (json) {
    io.out(`${JSON.stringify({ status: 'failed', error: message, help }, null, 2)}\n`);
    return;
  }
  io.err(`${io.errStyle.red('error')}: ${message}\n`);
  if (help !== undefined) io.err(`${help}\n`);
}

// What a command that could not go on says, and its exit status. With --json it is one document too.
import { DiagnosticError } from '@basalt/diagnostics';
import { EXIT, type ExitCode } from './exit-code.js';
import type { CommandIo } from './terminal/command-io.js';
import { printFindings } from './terminal/print-findings.js';
import { UsageError } from './usage-error.js';

export function reportFailure(error: unknown, argv: readonly string[], io: CommandIo): ExitCode {
  if (io.signal.aborted) return EXIT.cancelled;
  const json = argv.some((word) => word === '--json' || word === '--json=true');
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
  const missing = missingTool(error);
  if (missing !== undefined) {
    explain(io, json, missing.message, `Install it with: ${missing.hint}`);
    return EXIT.environment;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  explain(io, json, `A fault of flows itself. ${text}`, 'Please report it, with what you typed.');
  return EXIT.failed;
}

/** What this machine lacks. MissingToolError is known by its name, since the module that has it would
 * load everything else. */
function missingTool(error: unknown): { message: string; hint: string } | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error.name === 'MissingToolError' && 'hint' in error) {
    return { message: error.message, hint: String(error.hint) };
  }
  const name = /^Cannot find package '([^']+)'/.exec(error.message)?.[1];
  if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND' || name === undefined) {
    return undefined;
  }
  return {
    message: `This needs the package ${name}, which is not installed.`,
    hint: `npm install ${name}`,
  };
}

function explain(io: CommandIo, json: boolean, message: string, help: string | undefined): void {
  if (json) {
    io.out(`${JSON.stringify({ status: 'failed', error: message, help }, null, 2)}\n`);
    return;
  }
  io.err(`${io.errStyle.red('error')}: ${message}\n`);
  if (help !== undefined) io.err(`${help}\n`);
}

// flows compose check FILE: what is wrong with a compose, before anything runs.
import { checkCompose } from '@basalt/compose';
import { hasErrors } from '@basalt/diagnostics';
import type { Argv } from 'yargs';
import {
  bindOptions,
  composeProject,
  composeRegistry,
  type ComposeArgs,
} from '../compose/compose-session.js';
import { readComposeArgument } from '../compose/read-compose-argument.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import type { CommandIo } from '../terminal/command-io.js';
import { countText, printFindings } from '../terminal/print-findings.js';

export interface ComposeCheckArgs extends Pick<ComposeArgs, 'bind' | 'demo' | 'project'> {
  readonly file: string;
  readonly json?: boolean | undefined;
}

export const composeCheckOptions = (y: Argv) =>
  bindOptions(y)
    .positional('file', { type: 'string', demandOption: true, describe: 'compose.yaml, or -' })
    .option('json', { type: 'boolean', describe: 'Print one JSON document' })
    .example('$0 compose check compose.yaml', 'Findings by line');

export async function composeCheck(args: ComposeCheckArgs, io: CommandIo): Promise<ExitCode> {
  const project = await composeProject(args, io);
  const { compose, diagnostics, locate } = await readComposeArgument(args.file, io, project);
  const registry = await composeRegistry(args, project);
  const checked = compose === undefined ? [] : await checkCompose(compose, registry);
  const findings = [
    ...((await project?.check()) ?? []),
    ...diagnostics,
    ...checked.map((one) => ({ ...one, location: locate(one.location?.pointer ?? '') })),
  ];
  const ok = !hasErrors(findings);
  if (args.json === true) {
    const document = { status: ok ? 'ok' : 'failed', diagnostics: findings };
    io.out(`${JSON.stringify(document, null, 2)}\n`);
    return ok ? EXIT.done : EXIT.failed;
  }
  printFindings(io, findings);
  const steps = compose?.steps.length ?? 0;
  const with_ = findings.length === 0 ? '' : `, with ${countText(findings)}`;
  if (ok) io.err(`${args.file}: OK${with_} (${steps} step${steps === 1 ? '' : 's'})\n`);
  return ok ? EXIT.done : EXIT.failed;
}

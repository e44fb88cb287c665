// flows entrypoints check FLOW: the trigger and the capture that a host will use exist.
import { DiagnosticError, diagnostic, type Diagnostic } from '@basalt/diagnostics';
import type { FlowIR } from '@basalt/ir';
import type { Argv } from 'yargs';
import { EXIT, type ExitCode } from '../exit-code.js';
import { loadFlowArgument, requireFlow } from '@basalt/flow-loader';
import { flowSources } from '../flow-sources.js';
import type { CommandIo } from '../terminal/command-io.js';

export interface EntrypointsCheckArgs {
  readonly flow: string;
  readonly triggerAlias: string;
  readonly captureAlias: string;
}

export const entrypointsCheckOptions = (y: Argv) =>
  y
    .positional('flow', { type: 'string', demandOption: true, describe: 'The flow to check' })
    .option('trigger-alias', {
      type: 'string',
      requiresArg: true,
      default: 'trigger',
      describe: 'Where executions start',
    })
    .option('capture-alias', {
      type: 'string',
      requiresArg: true,
      default: 'respond',
      describe: 'Whose output answers',
    })
    .example('$0 entrypoints check s1_echo', 'Is there a trigger and a respond node?');

export async function entrypointsCheck(
  args: EntrypointsCheckArgs,
  io: CommandIo,
): Promise<ExitCode> {
  const flow = requireFlow(await loadFlowArgument(args.flow, flowSources(io)));
  const findings = entrypointFindings(flow, args);
  const [first, ...rest] = findings;
  if (first !== undefined) throw new DiagnosticError([first, ...rest]);
  io.out('OK\n');
  return EXIT.done;
}

function entrypointFindings(flow: FlowIR, args: EntrypointsCheckArgs): Diagnostic[] {
  const findings: Diagnostic[] = [];
  const triggers = flow.nodes.filter(({ kind }) => kind === 'trigger').map(({ alias }) => alias);
  const all = flow.nodes.map(({ alias }) => alias);
  const report = (role: string, alias: string, problem: string, choices: readonly string[]) =>
    findings.push(
      diagnostic.CLI010({ role, alias, problem, choices: choices.join(', ') || 'none' }),
    );
  if (!triggers.includes(args.triggerAlias)) {
    const problem = all.includes(args.triggerAlias) ? 'is not a trigger' : 'does not exist';
    report('trigger', args.triggerAlias, problem, triggers);
  }
  if (!all.includes(args.captureAlias)) {
    report(
      'capture',
      args.captureAlias,
      'does not exist',
      all.filter((a) => !triggers.includes(a)),
    );
  }
  return findings;
}

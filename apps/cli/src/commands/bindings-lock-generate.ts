// flows bindings lock generate FLOW: records which provider serves each capability of a flow.
import { DiagnosticError } from '@basalt/diagnostics';
import { generateLock, parseBinds } from '@basalt/capabilities';
import { requiredHints } from '@basalt/validator';
import type { Argv } from 'yargs';
import { EXIT, type ExitCode } from '../exit-code.js';
import { loadFlowArgument } from '../load/load-flow-argument.js';
import type { CommandIo } from '../terminal/command-io.js';
import { printFindings } from '../terminal/print-findings.js';
import { writeFileArgument } from '../write-file.js';

export interface BindingsLockArgs {
  readonly flow: string;
  readonly bind?: readonly string[] | undefined;
  readonly out: string;
  readonly generatedAt?: string | undefined;
}

export const bindingsLockOptions = (y: Argv) =>
  y
    .positional('flow', { type: 'string', demandOption: true, describe: 'The flow to bind' })
    .option('bind', { type: 'string', array: true, describe: 'HINT=PROVIDER, as often as needed' })
    .option('out', {
      type: 'string',
      default: 'bindings.lock.json',
      describe: 'File, or - for stdout',
    })
    .option('generated-at', {
      type: 'string',
      describe: 'RFC 3339 time to record',
      requiresArg: true,
    })
    .example('$0 bindings lock generate s4_preflight --bind kv=memory', 'Bind the store to memory');

export async function bindingsLockGenerate(
  args: BindingsLockArgs,
  io: CommandIo,
): Promise<ExitCode> {
  const loaded = await loadFlowArgument(args.flow, io);
  if (loaded.ir === undefined) {
    printFindings(io, loaded.diagnostics, loaded.text);
    return EXIT.failed;
  }
  const lock = generateLock({
    flowId: loaded.ir.id,
    requiredHints: requiredHints(loaded.ir),
    binds: parseBinds(args.bind ?? []),
    ...(args.generatedAt === undefined ? {} : { generatedAt: args.generatedAt }),
  });
  const [first, ...rest] = lock.diagnostics;
  if (first !== undefined) throw new DiagnosticError([first, ...rest]);
  if (args.out === '-') io.out(lock.text);
  else await writeFileArgument(args.out, lock.text, io);
  return EXIT.done;
}

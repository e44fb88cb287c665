// flows bindings lock generate FLOW: records which provider serves each capability of a flow.
import { generateLock } from '@basalt/capabilities';
import type { FlowIR } from '@basalt/ir';
import { hintsOf } from '@basalt/validator';
import type { Argv } from 'yargs';
import { EXIT, type ExitCode } from '../exit-code.js';
import { loadFlowArgument, requireFlow } from '@basalt/flow-loader';
import { flowSources } from '../flow-sources.js';
import type { CommandIo } from '../terminal/command-io.js';
import { UsageError } from '../usage-error.js';
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
    .option('bind', {
      type: 'string',
      array: true,
      describe: 'HINT=PROVIDER, as often as needed',
      requiresArg: true,
    })
    .option('out', {
      type: 'string',
      requiresArg: true,
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
  requireTime(args.generatedAt);
  const flow = requireFlow(await loadFlowArgument(args.flow, flowSources(io)));
  const lock = generateLock({
    flowId: flow.id,
    requiredHints: hintsOfFlow(flow),
    binds: args.bind ?? [],
    ...(args.generatedAt === undefined ? {} : { generatedAt: args.generatedAt }),
  });
  if (args.out === '-') io.out(lock.text);
  else await writeFileArgument(args.out, lock.text, io);
  return EXIT.done;
}

function requireTime(text: string | undefined): void {
  if (text === undefined) return;
  const isTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/.test(text);
  if (isTime && !Number.isNaN(Date.parse(text))) return;
  const example = 'Such as 2026-01-31T12:00:00Z.';
  throw new UsageError(`--generated-at takes an RFC 3339 time; it is ${text}.`, example);
}

/** Every hint of every node, subflows included. */
function hintsOfFlow(flow: FlowIR): readonly string[] {
  const own = flow.nodes.flatMap((node) => hintsOf(node));
  const inner = Object.values(flow.subflows ?? {}).flatMap(hintsOfFlow);
  return [...new Set([...own, ...inner])];
}

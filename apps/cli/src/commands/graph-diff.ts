// flows graph diff OLD NEW: what changed in meaning, and whether executions of OLD that are under way
// can go on with NEW.
import { diffFlows, formatDiff } from '@basalt/ir';
import { isAccepted } from '@basalt/validator';
import type { Argv } from 'yargs';
import { EXIT, type ExitCode } from '../exit-code.js';
import { loadFlowArgument, requireFlow } from '@basalt/flow-loader';
import { flowSources } from '../flow-sources.js';
import type { CommandIo } from '../terminal/command-io.js';

export interface GraphDiffArgs {
  readonly old: string;
  readonly new: string;
  readonly json?: boolean | undefined;
}

export const graphDiffOptions = (y: Argv) =>
  y
    .positional('old', {
      type: 'string',
      demandOption: true,
      describe: 'The flow as it runs today',
    })
    .positional('new', { type: 'string', demandOption: true, describe: 'The flow as it shall be' })
    .option('json', { type: 'boolean', describe: 'Print one JSON document' })
    .example('$0 graph diff s1_echo s3_branching', 'What differs; exit 1 where runs cannot go on');

/** Exit 1 when running executions cannot continue on the new flow. */
export async function graphDiff(args: GraphDiffArgs, io: CommandIo): Promise<ExitCode> {
  const before = requireFlow(await loadFlowArgument(args.old, flowSources(io)));
  const after = requireFlow(await loadFlowArgument(args.new, flowSources(io)));
  const diff = diffFlows(before, after, {
    schemaAccepts: (wide, narrow) => isAccepted(narrow, wide).kind === 'accepted',
  });
  io.out(args.json === true ? `${JSON.stringify(diff, null, 2)}\n` : formatDiff(diff));
  return diff.verdict === 'continue' ? EXIT.done : EXIT.failed;
}

// flows graph show FLOW: the graph as text.
import { showFlow } from '@basalt/ir';
import type { Argv } from 'yargs';
import { EXIT, type ExitCode } from '../exit-code.js';
import { loadFlowArgument, requireFlow } from '@basalt/flow-loader';
import { flowSources } from '../flow-sources.js';
import type { CommandIo } from '../terminal/command-io.js';

export interface GraphShowArgs {
  readonly flow: string;
}

export const graphShowOptions = (y: Argv) =>
  y
    .positional('flow', { type: 'string', demandOption: true, describe: 'The flow to show' })
    .example('$0 graph show s3_branching', 'A flow with an if and a switch');

export async function graphShow(args: GraphShowArgs, io: CommandIo): Promise<ExitCode> {
  const flow = requireFlow(await loadFlowArgument(args.flow, flowSources(io)));
  io.out(showFlow(flow));
  return EXIT.done;
}

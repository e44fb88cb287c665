// flows graph check FLOW: validates a flow and draws it on request.
import { hasErrors } from '@basalt/diagnostics';
import {
  exportDot,
  exportMermaid,
  exportSvg,
  PROFILES,
  type FlowIR,
  type Profile,
} from '@basalt/ir';
import type { Argv } from 'yargs';
import { checkFlow } from '../check-flow.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { loadFlowArgument, type LoadedFlow } from '@basalt/flow-loader';
import { flowSources } from '../flow-sources.js';
import type { CommandIo } from '../terminal/command-io.js';
import { countText, printFindings } from '../terminal/print-findings.js';
import { UsageError } from '../usage-error.js';
import { writeFileArgument } from '../write-file.js';

export interface GraphCheckArgs {
  readonly flow?: string | undefined;
  readonly input?: string | undefined;
  readonly json?: boolean | undefined;
  readonly profile?: Profile | undefined;
  readonly policy?: string | undefined;
  readonly dot?: string | undefined;
  readonly mermaid?: string | undefined;
  readonly svg?: string | undefined;
  readonly emitDot?: boolean | undefined;
  readonly prettyJson?: boolean | undefined;
}

export const graphCheckOptions = (y: Argv) =>
  y
    .positional('flow', { type: 'string', describe: 'Shipped flow, .json, .ts or .js file, or -' })
    .option('input', { type: 'string', describe: 'The same as FLOW', requiresArg: true })
    .option('json', { type: 'boolean', describe: 'Print one JSON document' })
    .option('profile', {
      choices: PROFILES,
      describe: 'Check for this host instead of the declared',
    })
    .option('policy', { type: 'string', describe: 'Policy file to enforce', requiresArg: true })
    .option('dot', { type: 'string', describe: 'Write the graph as DOT', requiresArg: true })
    .option('mermaid', {
      type: 'string',
      describe: 'Write the graph as Mermaid',
      requiresArg: true,
    })
    .option('svg', { type: 'string', describe: 'Write the graph as SVG', requiresArg: true })
    .option('emit-dot', { type: 'boolean', describe: 'Print the graph as DOT' })
    .option('pretty-json', { type: 'boolean', describe: 'Print the flow document' })
    .conflicts('json', ['emit-dot', 'pretty-json'])
    .example('$0 graph check s1_echo', 'Check a shipped flow');

export async function graphCheck(args: GraphCheckArgs, io: CommandIo): Promise<ExitCode> {
  const flow = chooseInput(args, io);
  const loaded = await loadFlowArgument(flow, flowSources(io));
  const findings = await checkFlow(loaded, { profile: args.profile, policyFile: args.policy }, io);
  const ok = !hasErrors(findings);
  if (loaded.ir !== undefined) await draw(loaded.ir, args, io);
  if (args.json === true) {
    const document = {
      status: ok ? 'ok' : 'failed',
      node_count: loaded.ir?.nodes.length ?? 0,
      edge_count: loaded.ir?.edges.length ?? 0,
      diagnostics: findings,
    };
    io.out(`${JSON.stringify(document, null, 2)}\n`);
    return ok ? EXIT.done : EXIT.failed;
  }
  printFindings(io, findings, documentText(loaded));
  if (ok)
    io.err(summary(loaded.ir!, findings.length === 0 ? 'OK' : `OK, with ${countText(findings)}`));
  return ok ? EXIT.done : EXIT.failed;
}

/** The text of a document that is not a file (stdin), for excerpts. */
function documentText(loaded: LoadedFlow): string | undefined {
  if (loaded.document === undefined || loaded.document.file !== undefined) return undefined;
  return new TextDecoder().decode(loaded.document.bytes);
}

function chooseInput(args: GraphCheckArgs, io: CommandIo): string {
  if (args.flow !== undefined && args.input !== undefined) {
    throw new UsageError('FLOW and --input name the same thing: give one of them.');
  }
  const flow = args.flow ?? args.input;
  if (flow === undefined && io.inputIsTerminal) {
    throw new UsageError('Name a flow to check.', 'Such as: flows graph check s1_echo');
  }
  return flow ?? '-';
}

async function draw(flow: FlowIR, args: GraphCheckArgs, io: CommandIo): Promise<void> {
  if (args.dot !== undefined) await writeFileArgument(args.dot, exportDot(flow), io);
  if (args.mermaid !== undefined) await writeFileArgument(args.mermaid, exportMermaid(flow), io);
  if (args.svg !== undefined) await writeFileArgument(args.svg, await exportSvg(flow), io);
  if (args.emitDot === true) io.out(exportDot(flow));
  if (args.prettyJson === true) io.out(`${JSON.stringify(flow, null, 2)}\n`);
}

function summary(flow: FlowIR, status: string): string {
  return `${flow.name} ${flow.version}: ${status} (${flow.nodes.length} nodes, ${flow.edges.length} edges)\n`;
}

// flows run local FLOW: one execution (or a burst) in this process.
import { DiagnosticError, diagnostic, hasErrors } from '@basalt/diagnostics';
import type { Argv } from 'yargs';
import { checkFlow } from '../check-flow.js';
import { catalogue } from '../example-catalogue.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { executeLocally } from '../local-execution.js';
import { loadFlowArgument } from '@basalt/flow-loader';
import { flowSources } from '../flow-sources.js';
import type { CommandIo } from '../terminal/command-io.js';
import { printFindings } from '../terminal/print-findings.js';
import { readPayload } from '../read-payload.js';
import { UsageError } from '../usage-error.js';

export interface RunLocalArgs {
  readonly flow?: string | undefined;
  readonly example?: string | undefined;
  readonly payload?: string | undefined;
  readonly payloadFile?: string | undefined;
  readonly stream?: boolean | undefined;
  readonly json?: boolean | undefined;
  readonly burst: number;
  readonly deadlineMs?: number | undefined;
  readonly bind?: readonly string[] | undefined;
  readonly bindingsLock?: string | undefined;
  readonly deterministic?: boolean | undefined;
  readonly seed?: number | undefined;
  readonly trace?: string | undefined;
  readonly event?: readonly string[] | undefined;
  readonly journal?: string | undefined;
  readonly runId?: string | undefined;
  readonly triggerAlias?: string | undefined;
  readonly captureAlias?: string | undefined;
}

const text = (describe: string) => ({ type: 'string', describe, requiresArg: true }) as const;
const number = (describe: string) => ({ type: 'number', describe, requiresArg: true }) as const;

export const runLocalOptions = (y: Argv) =>
  y
    .positional('flow', { type: 'string', describe: 'Shipped flow, or .ts or .js module' })
    .option('example', text('The same as FLOW'))
    .option('payload', text('JSON; {} when absent'))
    .option('payload-file', text('File with JSON, or -'))
    .option('stream', { type: 'boolean', describe: 'Print each output as one JSON line' })
    .option('json', { type: 'boolean', describe: 'Print {flow, result, summary}' })
    .option('burst', { ...number('Executions at once'), default: 1 })
    .option('deadline-ms', number('Deadline of an execution'))
    .option('bind', { ...text('HINT=PROVIDER, as often as needed'), array: true })
    .option('bindings-lock', text('Bindings lock file'))
    .option('deterministic', { type: 'boolean', describe: 'Virtual clock, seeded randomness' })
    .option('seed', number('Seed of the deterministic mode'))
    .option('trace', text('Write a Chrome trace'))
    .option('event', { ...text('CHECKPOINT:KEY=JSON to await'), array: true })
    .option('journal', text('Keep every step in this folder, so that the run survives a crash'))
    .option('run-id', text('Id of the journaled run; made when absent'))
    .option('trigger-alias', text('Start here'))
    .option('capture-alias', text('Answer with its output'))
    .conflicts('payload', 'payload-file')
    .conflicts('bindings-lock', 'bind')
    .conflicts('json', 'stream')
    .example('$0 run local s1_echo --payload \'{"text":" Hello "}\'', 'Run a shipped flow')
    .example('$0 run local s2_site --stream', 'Print a stream as it comes')
    .example('$0 run local s2_site --journal .flows', 'Survives a crash: flows runs list');

export async function runLocal(args: RunLocalArgs, io: CommandIo): Promise<ExitCode> {
  const name = chooseFlow(args);
  requireNumbers(args);
  const payload = await readPayload(args, io);
  const loaded = await loadFlowArgument(name, flowSources(io));
  const findings = await checkFlow(loaded, {}, io);
  const [first, ...rest] = findings;
  if (first !== undefined && hasErrors(findings)) throw new DiagnosticError([first, ...rest]);
  printFindings(io, findings);
  if (loaded.bundle === undefined) {
    const identifiers = loaded.ir!.nodes.map(({ identifier }) => identifier).join(', ');
    throw new DiagnosticError([diagnostic.CLI006({ flow: name, identifiers })]);
  }
  const execution = { bundle: loaded.bundle, argument: name, payload };
  const status = await executeLocally(execution, args, io);
  if (status === EXIT.failed && args.json !== true) suggestPayload(name, args, io);
  return status;
}

/** A shipped flow that failed without a payload is shown the one of the catalogue. */
function suggestPayload(name: string, args: RunLocalArgs, io: CommandIo): void {
  if (args.payload !== undefined || args.payloadFile !== undefined) return;
  const entry = catalogue(io.installation).find((candidate) => candidate.name === name);
  if (entry === undefined) return;
  io.err(`A payload for it: --payload '${JSON.stringify(entry.payload)}'\n`);
}

function chooseFlow(args: RunLocalArgs): string {
  if (args.flow !== undefined && args.example !== undefined) {
    throw new UsageError('FLOW and --example name the same thing: give one of them.');
  }
  return args.flow ?? args.example ?? 's1_echo';
}

function requireNumbers(args: RunLocalArgs): void {
  const whole = (option: string, value: number | undefined, minimum: number) => {
    if (value === undefined || (Number.isSafeInteger(value) && value >= minimum)) return;
    throw new UsageError(`--${option} takes a whole number of at least ${minimum}.`);
  };
  whole('burst', args.burst, 1);
  whole('deadline-ms', args.deadlineMs, 1);
  whole('seed', args.seed, 0);
  if (args.seed !== undefined && args.deterministic !== true) {
    throw new UsageError('--seed belongs to --deterministic.');
  }
  if (args.journal !== undefined && args.burst !== 1) {
    throw new UsageError('--journal keeps one execution: leave --burst out.');
  }
  if (args.runId !== undefined && args.journal === undefined) {
    throw new UsageError('--run-id belongs to --journal.');
  }
}

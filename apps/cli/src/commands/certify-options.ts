// What the commands of flows certify share: their options, their inputs, and what they leave behind.
import { join } from 'node:path';
import {
  evidenceText,
  parseWorldState,
  readPayloads,
  writeBundle,
  type CertifyProgress,
  type Evidence,
  type WorldState,
} from '@basalt/certify';
import { DiagnosticError, diagnostic, hasErrors } from '@basalt/diagnostics';
import { compilePlan, type FlowBundle } from '@basalt/executor';
import { loadFlowArgument, requireFlow } from '@basalt/flow-loader';
import type { Value } from '@basalt/ir';
import { resolve } from 'node:path';
import type { Argv } from 'yargs';
import { checkFlow } from '../check-flow.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { flowSources } from '../flow-sources.js';
import type { CommandIo } from '../terminal/command-io.js';
import { printFindings } from '../terminal/print-findings.js';
import { UsageError } from '../usage-error.js';
import { readTextArgument } from '../write-file.js';

export interface CertifyArgs {
  readonly payloads?: string | undefined;
  readonly world?: string | undefined;
  readonly cases?: number | undefined;
  readonly seed: number;
  readonly only?: number | undefined;
  readonly out: string;
  readonly json?: boolean | undefined;
}

/** Adds the words. */
export function certifyOptions<T>(y: Argv<T>) {
  return y
    .option('payloads', {
      type: 'string',
      describe: 'Payloads, one JSON value a line; made from the schema of the trigger when absent',
      requiresArg: true,
    })
    .option('world', {
      type: 'string',
      describe: 'JSON file of what the flow finds outside: kv, blob, fs, secrets, http',
      requiresArg: true,
    })
    .option('cases', { type: 'number', describe: 'How many cases', requiresArg: true })
    .option('seed', {
      type: 'number',
      default: 1,
      describe: 'Of inputs and cases',
      requiresArg: true,
    })
    .option('only', {
      type: 'number',
      describe: 'The case with this number alone',
      requiresArg: true,
    })
    .option('out', {
      type: 'string',
      default: 'evidence',
      describe: 'Folder of the evidence bundle',
      requiresArg: true,
    })
    .option('json', { type: 'boolean', describe: 'Print evidence.json' });
}

/** @throws UsageError for numbers that are none. */
export function checkNumbers({ cases, seed, only }: CertifyArgs): void {
  for (const [name, number] of [
    ['cases', cases],
    ['only', only],
  ] as const) {
    if (number === undefined) continue;
    if (Number.isSafeInteger(number) && number >= 1 && number <= 100_000) continue;
    throw new UsageError(`--${name} takes a whole number from 1 to 100000.`);
  }
  if (!Number.isSafeInteger(seed)) throw new UsageError('--seed takes a whole number.');
}

/** Loads and checks a flow with its code. @throws DiagnosticError with what is wrong with it. */
export async function certifiedBundle(argument: string, io: CommandIo): Promise<FlowBundle> {
  const loaded = await loadFlowArgument(argument, flowSources(io));
  const identifiers = requireFlow(loaded).nodes.map(({ identifier }) => identifier);
  const findings = await checkFlow(loaded, {}, io);
  const [first, ...rest] = findings;
  if (first !== undefined && hasErrors(findings)) throw new DiagnosticError([first, ...rest]);
  printFindings(io, findings);
  if (loaded.bundle !== undefined) return loaded.bundle;
  const params = { flow: argument, identifiers: identifiers.join(', ') };
  throw new DiagnosticError([diagnostic.CLI006(params)]);
}

/** What --payloads and --world hold. */
export async function certifyInputs(
  args: CertifyArgs,
  bundle: FlowBundle,
  io: CommandIo,
): Promise<{ readonly payloads?: readonly Value[]; readonly world?: WorldState }> {
  const { payloads, world } = args;
  const trigger = compilePlan(bundle).triggers[0]!;
  return {
    ...(payloads === undefined
      ? {}
      : { payloads: readPayloads(await readTextArgument(payloads, io), payloads, trigger) }),
    ...(world === undefined
      ? {}
      : { world: parseWorldState(await readTextArgument(world, io), world) }),
  };
}

/** The options of a command line again, for one that shows a failure again. */
export function againWords({ payloads, world }: CertifyArgs): string {
  const word = (name: string, value: string | undefined) =>
    value === undefined ? '' : ` --${name} ${shellWord(value)}`;
  return `${word('payloads', payloads)}${word('world', world)}`;
}

/** As a shell takes it for one word. */
export function shellWord(text: string): string {
  return /^[\w./:#@=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Writes the bundle, prints what came out, and gives the exit code. `commands` show a failure again. */
export async function reportEvidence(
  found: Evidence,
  commands: readonly string[],
  args: CertifyArgs,
  io: CommandIo,
): Promise<ExitCode> {
  const { failure } = found;
  const evidence = failure === undefined ? found : { ...found, failure: { ...failure, commands } };
  await writeBundle(resolve(io.cwd, args.out), evidence);
  if (args.json === true) io.out(`${JSON.stringify(evidence, null, 2)}\n`);
  else {
    io.out(evidenceText(evidence));
    io.err(`Evidence: ${join(args.out, 'evidence.html')}\n`);
  }
  return evidence.verdict === 'certified' ? EXIT.done : EXIT.failed;
}

const STEPS = { inputs: 'inputs without faults', cases: 'cases', shrink: 'reducing the failure' };

/** One line on a terminal that says how far a certification is. */
export class CertifyLine {
  readonly #io: CommandIo;
  #shown = false;

  constructor(io: CommandIo) {
    this.#io = io;
  }

  show({ step, done, of }: CertifyProgress): void {
    if (!this.#io.interactive) return;
    this.#shown = true;
    const count = step === 'shrink' ? `${done} tried` : `${done} of ${of}`;
    this.#io.err(`\r\x1b[2K${this.#io.errStyle.dim(`${STEPS[step]}: ${count}`)}`);
  }

  /** Clears the line. */
  close(): void {
    if (this.#shown) this.#io.err('\r\x1b[2K');
  }
}

// The options that describe a job, for `queue enqueue` and `queue schedule add`.
import { DiagnosticError, diagnostic, hasErrors } from '@basalt/diagnostics';
import { compileFlow } from '@basalt/executor';
import { loadFlowArgument, requireFlow } from '@basalt/flow-loader';
import type { Value } from '@basalt/ir';
import type { NewJob } from '@basalt/queue';
import type { Argv } from 'yargs';
import { checkFlow } from '../check-flow.js';
import { flowSources } from '../flow-sources.js';
import { readPayload, type PayloadArgs } from '../read-payload.js';
import type { CommandIo } from '../terminal/command-io.js';

export interface JobArgs extends PayloadArgs {
  readonly flow: string;
  readonly triggerAlias?: string | undefined;
  readonly captureAlias?: string | undefined;
  readonly deadlineMs?: number | undefined;
  readonly partition?: string | undefined;
  readonly priority?: number | undefined;
  readonly maxAttempts?: number | undefined;
}

const text = (describe: string) => ({ type: 'string', describe, requiresArg: true }) as const;
const number = (describe: string) => ({ type: 'number', describe, requiresArg: true }) as const;

/** Adds the words. */
export function jobOptions<T>(y: Argv<T>): Argv<T> {
  return y
    .option('payload', text('JSON; {} when absent'))
    .option('payload-file', text('File with JSON, or -'))
    .option('trigger-alias', text('Start here'))
    .option('capture-alias', text('Answer with its output'))
    .option('deadline-ms', number('Deadline of an execution'))
    .option('partition', text('Jobs of one partition are done one after the other'))
    .option('priority', number('Higher first; from -100 to 100'))
    .option('max-attempts', number('Deliveries before it is a dead letter; 5 when absent'))
    .conflicts('payload', 'payload-file');
}

/** The job, whose payload fits the trigger. A worker needs the code of the flow; here a document will do.
 * @throws DiagnosticError with the findings on the flow, RUN116 for the payload. */
export async function readJob(args: JobArgs, io: CommandIo): Promise<Omit<NewJob, 'id'>> {
  const payload = await readPayload(args, io);
  const loaded = await loadFlowArgument(args.flow, flowSources(io));
  const ir = requireFlow(loaded);
  const findings = await checkFlow(loaded, {}, io);
  const [first, ...rest] = findings;
  if (first !== undefined && hasErrors(findings)) throw new DiagnosticError([first, ...rest]);
  const handlers = loaded.bundle?.handlers ?? new Map();
  if (loaded.bundle !== undefined) checkTrigger({ ir, handlers }, payload, args);
  const { triggerAlias, captureAlias, deadlineMs, partition, priority, maxAttempts } = args;
  return {
    flow: ir.id,
    flowName: ir.name,
    payload,
    ...(triggerAlias === undefined ? {} : { trigger: triggerAlias }),
    ...(captureAlias === undefined ? {} : { capture: captureAlias }),
    ...(deadlineMs === undefined ? {} : { deadlineMs }),
    ...(partition === undefined ? {} : { partition }),
    ...(priority === undefined ? {} : { priority }),
    ...(maxAttempts === undefined ? {} : { maxAttempts }),
  };
}

function checkTrigger(
  bundle: Parameters<typeof compileFlow>[0],
  payload: Value,
  { triggerAlias }: JobArgs,
): void {
  const { triggers } = compileFlow(bundle);
  const trigger =
    triggerAlias === undefined ? triggers[0] : triggers.find(({ alias }) => alias === triggerAlias);
  if (trigger === undefined) {
    const choices = triggers.map(({ alias }) => alias).join(', ');
    const problem = 'is no trigger of the flow';
    const params = { role: 'trigger', alias: triggerAlias ?? '', problem, choices };
    throw new DiagnosticError([diagnostic.CLI010(params)]);
  }
  const problem = trigger.checkInput?.(payload);
  if (problem === undefined) return;
  throw new DiagnosticError([diagnostic.RUN116({ trigger: trigger.alias, problem })]);
}

// flows runs resume RUN: takes a run up where it stopped.
import { compilePlan, type UnknownOutcome } from '@basalt/executor';
import type { Value } from '@basalt/ir';
import type { Argv } from 'yargs';
import { parseAwaitedEvents } from '../awaited-event.js';
import { flowOfRun, requireContinuation } from '../durable/flow-of-run.js';
import { followRun } from '../durable/follow-run.js';
import {
  journalOptions,
  journalWords,
  withRuns,
  type JournalArgs,
} from '../durable/journal-options.js';
import { reportRun } from '../durable/report-run.js';
import type { ExitCode } from '../exit-code.js';
import { openLocalBindings } from '../local-bindings.js';
import type { CommandIo } from '../terminal/command-io.js';
import { RunProgress } from '../terminal/run-progress.js';
import { UsageError } from '../usage-error.js';
import { requireStart } from '../durable/require-start.js';

export interface RunsResumeArgs extends JournalArgs {
  readonly run: string;
  readonly flow?: string | undefined;
  readonly event?: readonly string[] | undefined;
  readonly outcome?: readonly string[] | undefined;
  readonly bind?: readonly string[] | undefined;
  readonly bindingsLock?: string | undefined;
  readonly stream?: boolean | undefined;
  readonly json?: boolean | undefined;
}

const list = (describe: string) =>
  ({ type: 'string', array: true, describe, requiresArg: true }) as const;

export const runsResumeOptions = (y: Argv) =>
  journalOptions(y)
    .positional('run', { type: 'string', demandOption: true, describe: 'Id of the run' })
    .positional('flow', { type: 'string', describe: 'Its flow; the one that it began with' })
    .option('event', list('CHECKPOINT:KEY=JSON that it waits for'))
    .option('outcome', list('NODE=done, NODE=done:JSON or NODE=repeat where it is not known'))
    .option('bind', list('HINT=PROVIDER, as often as needed'))
    .option('bindings-lock', { type: 'string', describe: 'Bindings lock file', requiresArg: true })
    .option('stream', { type: 'boolean', describe: 'Print each output as one JSON line' })
    .option('json', { type: 'boolean', describe: 'Print {flow, run_id, status, result, summary}' })
    .conflicts('bindings-lock', 'bind')
    .conflicts('json', 'stream')
    .example('$0 runs resume RUN', 'Go on after a crash')
    .example(`$0 runs resume RUN --event 'approval:e-1={"approved":true}'`, 'Answer what it asks');

export async function runsResume(args: RunsResumeArgs, io: CommandIo): Promise<ExitCode> {
  const events = parseAwaitedEvents(args.event ?? []);
  const outcomes = outcomesOf(args.outcome ?? []);
  return withRuns(args, io, async (store) => {
    const start = await requireStart(store, args.run);
    const bundle = await flowOfRun(start, args.flow, io);
    const plan = compilePlan(bundle);
    const bindings = await openLocalBindings(bundle.ir, args, io);
    const progress = io.interactive ? new RunProgress(io) : undefined;
    try {
      const journal = await store.open(args.run);
      try {
        requireContinuation(start, bundle.ir, journal.history);
      } catch (error) {
        await journal.close();
        throw error;
      }
      const { capabilities } = bindings;
      const host = { capabilities, ...(progress === undefined ? {} : { observer: progress }) };
      const { stream } = args;
      const options = { plan, host, events, outcomes, stream };
      const result = await followRun(store, journal, options, io);
      progress?.close();
      const run = { flow: bundle.ir.name, runId: args.run, result, words: journalWords(args) };
      return reportRun(run, args, io);
    } finally {
      progress?.close();
      await bindings.close();
    }
  });
}

function outcomesOf(texts: readonly string[]): Readonly<Record<string, UnknownOutcome>> {
  return Object.fromEntries(texts.map(outcomeOf));
}

function outcomeOf(text: string): readonly [string, UnknownOutcome] {
  const [, node = '', word, json] = /^([^=]+)=(done|repeat)(?::(.*))?$/s.exec(text) ?? [];
  const form = 'An outcome is NODE=done, NODE=done:JSON or NODE=repeat.';
  if (word === undefined || (word === 'repeat' && json !== undefined)) {
    throw new UsageError(`--outcome ${text} is no outcome.`, form);
  }
  if (word === 'repeat') return [node, 'repeat'];
  try {
    return [node, { done: json === undefined ? null : (JSON.parse(json) as Value) }];
  } catch (error) {
    const { message } = error as Error;
    throw new UsageError(`The outcome of ${node} is not valid JSON: ${message}.`, form);
  }
}

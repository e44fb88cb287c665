// flows runs events RUN [EVENT..]: what a run waits for, and giving it what it waits for. Whoever
// executes the run gets the event; one on a queue is delivered again.
import { randomUUID } from 'node:crypto';
import type { RunRecord } from '@basalt/executor';
import { valueToJson, type Value } from '@basalt/ir';
import type { JournalStore, RunStart } from '@basalt/journal';
import { openQueue } from '@basalt/queue-worker-app';
import type { Argv } from 'yargs';
import { parseAwaitedEvents, type AwaitedEvent } from '../awaited-event.js';
import { withHostWords } from '../durable/host-words.js';
import {
  journalOptions,
  journalWords,
  withRuns,
  type JournalArgs,
} from '../durable/journal-options.js';
import { requireStart } from '../durable/require-start.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import type { CommandIo } from '../terminal/command-io.js';

export interface RunsEventsArgs extends JournalArgs {
  readonly run: string;
  readonly event?: readonly string[] | undefined;
  readonly id?: string | undefined;
  readonly json?: boolean | undefined;
}

interface Wait {
  readonly checkpoint: string;
  readonly correlation: Value;
  readonly due: number | undefined;
}

export const runsEventsOptions = (y: Argv) =>
  journalOptions(y)
    .positional('run', { type: 'string', demandOption: true, describe: 'Id of the run' })
    .positional('event', {
      type: 'string',
      array: true,
      describe: 'CHECKPOINT:KEY=JSON to deliver; lists what it waits for when absent',
    })
    .option('id', {
      type: 'string',
      describe: 'Id of the event: a second one with it is not taken in',
      requiresArg: true,
    })
    .option('json', { type: 'boolean', describe: 'Print {run_id, delivered, waiting}' })
    .example('$0 runs events RUN', 'What does it wait for?')
    .example(`$0 runs events RUN 'approval:e-1={"approved":true}'`, 'Deliver an event');

export async function runsEvents(args: RunsEventsArgs, io: CommandIo): Promise<ExitCode> {
  const events = parseAwaitedEvents(args.event ?? []);
  return withRuns(args, io, async (store) => {
    const start = await requireStart(store, args.run);
    const waits = openWaits(await store.records(args.run));
    let delivered = 0;
    for (const [at, event] of events.entries()) {
      const id = args.id === undefined ? randomUUID() : at === 0 ? args.id : `${args.id}~${at}`;
      const { checkpoint, value } = event;
      const correlation = correlationOf(event, waits);
      const isNew = await store.deliver(args.run, { id, checkpoint, correlation, event: value });
      if (isNew) delivered += 1;
    }
    const isQueued = delivered > 0 && (await wakeJob(start, args, io));
    await say({ store, args, waits, delivered, isQueued }, io);
    return EXIT.done;
  });
}

/** What is waited for, in the order in which it began. */
function openWaits(records: readonly RunRecord[]): readonly Wait[] {
  const open = new Map<string, Wait>();
  for (const record of records) {
    if (record.kind === 'waiting') {
      const { checkpoint, correlation, due } = record;
      open.set(record.key, { checkpoint, correlation, due });
    } else if (record.kind === 'resumed') {
      open.delete(record.key);
    }
  }
  return [...open.values()];
}

/** The key as the run knows it: on the command line every key is text. */
function correlationOf({ checkpoint, key }: AwaitedEvent, waits: readonly Wait[]): Value {
  const wait = waits.find(
    (one) => one.checkpoint === checkpoint && String(one.correlation) === key,
  );
  return wait?.correlation ?? key;
}

/** A parked job is delivered again. */
async function wakeJob(start: RunStart, args: RunsEventsArgs, io: CommandIo): Promise<boolean> {
  const { 'lf.queue': queue, 'lf.job_id': job } = start.labels ?? {};
  if (queue === undefined || job === undefined) return false;
  const { journal: dir, backend, url } = args;
  const opened = await withHostWords(() => openQueue({ dir, backend, url, queue }, io));
  try {
    return await opened.resume(job);
  } finally {
    await opened.close();
  }
}

interface Said {
  readonly store: JournalStore;
  readonly args: RunsEventsArgs;
  readonly waits: readonly Wait[];
  readonly delivered: number;
  readonly isQueued: boolean;
}

async function say({ store, args, waits, delivered, isQueued }: Said, io: CommandIo) {
  const waiting = waits.map(({ checkpoint, correlation, due }) => ({
    checkpoint,
    key: valueToJson(correlation),
    ...(due === undefined ? {} : { due }),
  }));
  if (args.json === true) {
    io.out(`${JSON.stringify({ run_id: args.run, delivered, waiting }, null, 2)}\n`);
    return;
  }
  const { event = [] } = args;
  if (event.length === 0) {
    for (const { checkpoint, key, due } of waiting) {
      const text = typeof key === 'string' ? key : JSON.stringify(key);
      const until = due === undefined ? '' : `  until ${new Date(due).toISOString()}`;
      io.out(`${checkpoint}:${text}${until}\n`);
    }
    if (waiting.length === 0) io.err('It waits for nothing.\n');
    return;
  }
  const known = event.length - delivered;
  const repeats = known === 0 ? '' : `, ${known} known before`;
  io.out(`${delivered} delivered${repeats}\n`);
  const info = await store.info(args.run);
  if (info?.owner !== undefined) io.err(`${info.owner} executes the run and goes on with it.\n`);
  else if (isQueued) io.err('A worker of its queue goes on with it.\n');
  else io.err(`Go on with: flows runs resume ${args.run}${journalWords(args)}\n`);
}

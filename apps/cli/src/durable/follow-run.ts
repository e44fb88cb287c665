// Executes a journaled run to its end, or to where nothing is left but to wait. Events of the command
// line go into its journal when it waits for them, and it goes on from there.
import { randomUUID } from 'node:crypto';
import { DiagnosticError } from '@basalt/diagnostics';
import {
  startRun,
  type ExecPlan,
  type HostOptions,
  type Invoke,
  type Run,
  type RunResult,
} from '@basalt/executor';
import { valueToJson } from '@basalt/ir';
import type { JournalStore, OwnedJournal } from '@basalt/journal';
import type { AwaitedEvent } from '../awaited-event.js';
import type { CommandIo } from '../terminal/command-io.js';
import { deterministicOf, invokeOf } from './run-start.js';

export interface FollowOptions {
  readonly plan: ExecPlan;
  readonly host: HostOptions;
  readonly events: readonly AwaitedEvent[];
  readonly outcomes?: Invoke['outcomes'] | undefined;
  /** Print each output as it comes, as one JSON line. */
  readonly stream?: boolean | undefined;
}

/** Takes the journal over and closes it. */
export async function followRun(
  store: JournalStore,
  journal: OwnedJournal,
  options: FollowOptions,
  io: CommandIo,
): Promise<RunResult> {
  const left = new Set(options.events);
  let printed = 0;
  let owned = journal;
  for (;;) {
    let result: RunResult;
    try {
      const run = begin(owned, options);
      const unwatch = watch(run, owned, io);
      const printing = options.stream === true ? printOutputs(run, printed, io) : undefined;
      result = await run.result;
      unwatch();
      printed = (await printing?.catch(() => printed)) ?? printed;
    } finally {
      await owned.close();
    }
    if (!(await answer(store, owned.runId, result, left))) return result;
    owned = await store.open(owned.runId);
  }
}

function begin(journal: OwnedJournal, { plan, host, outcomes, stream }: FollowOptions): Run {
  const deterministic = deterministicOf(journal.start);
  const invoke: Invoke = {
    ...invokeOf(journal.start),
    journal,
    mode: stream === true ? 'stream' : 'value',
    ...(outcomes === undefined ? {} : { outcomes }),
  };
  const more = deterministic === undefined ? {} : { deterministic };
  return startRun(plan, invoke, { ...host, ...more, onSuspended: 'park' });
}

/** Stops the run when the command is interrupted, or its journal is taken away or to be cancelled. */
function watch(run: Run, { lost }: OwnedJournal, { signal }: CommandIo): () => void {
  const onAbort = () => void run.interrupt('the command was interrupted');
  const onLost = () => {
    const { reason } = lost;
    const finding = reason instanceof DiagnosticError ? reason.diagnostic : undefined;
    const words = finding?.message ?? String(reason);
    void (finding?.code === 'JRNL009' ? run.cancel(words) : run.interrupt(words));
  };
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort, { once: true });
  if (lost.aborted) onLost();
  else lost.addEventListener('abort', onLost, { once: true });
  return () => {
    signal.removeEventListener('abort', onAbort);
    lost.removeEventListener('abort', onLost);
  };
}

/** What was printed before the run was taken up again comes again, and is left out. */
async function printOutputs(run: Run, printed: number, io: CommandIo): Promise<number> {
  let count = 0;
  for await (const value of run.outputs()) {
    count += 1;
    if (count > printed) await io.out(`${JSON.stringify(valueToJson(value))}\n`);
  }
  return Math.max(count, printed);
}

/** Delivers what the run waits for, where it is there; says whether it was. */
async function answer(
  store: JournalStore,
  runId: string,
  { status, waiting = [] }: RunResult,
  left: Set<AwaitedEvent>,
): Promise<boolean> {
  if (status !== 'waiting') return false;
  let any = false;
  for (const { checkpointId: checkpoint, correlationKey: correlation } of waiting) {
    const key = String(correlation);
    const event = [...left].find((e) => e.checkpoint === checkpoint && e.key === key);
    if (event === undefined) continue;
    left.delete(event);
    const id = `command-${randomUUID()}`;
    any = (await store.deliver(runId, { id, checkpoint, correlation, event: event.value })) || any;
  }
  return any;
}

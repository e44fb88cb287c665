// flows run local FLOW --journal DIR: one execution whose every step is on disk before the next.
import { randomUUID } from 'node:crypto';
import { compilePlan, type FlowBundle, type HostOptions } from '@basalt/executor';
import type { Value } from '@basalt/ir';
import { openJournal } from '@basalt/queue-worker-app';
import { parseAwaitedEvents } from '../awaited-event.js';
import type { RunLocalArgs } from '../commands/run-local.js';
import type { ExitCode } from '../exit-code.js';
import { flowSources } from '../flow-sources.js';
import type { CommandIo } from '../terminal/command-io.js';
import { followRun } from './follow-run.js';
import { withHostWords } from './host-words.js';
import { journalWords } from './journal-options.js';
import { reportRun } from './report-run.js';
import { lastingSource, runStart } from './run-start.js';

export interface DurableGiven {
  readonly bundle: FlowBundle;
  readonly payload: Value;
  /** The FLOW argument. */
  readonly argument: string;
  readonly journal: string;
  readonly host: HostOptions;
  /** Called when the run has ended, before anything is printed about it. */
  done(): void;
}

/** Executes it and says where it is kept. */
export async function runDurably(
  given: DurableGiven,
  args: RunLocalArgs,
  io: CommandIo,
): Promise<ExitCode> {
  const { bundle, payload, argument, journal: dir, host, done } = given;
  const events = parseAwaitedEvents(args.event ?? []);
  const plan = compilePlan(bundle);
  const place = { journal: dir, backend: 'embedded' } as const;
  const store = await withHostWords(() => openJournal({ dir, backend: 'embedded' }, io));
  try {
    const start = runStart({
      runId: args.runId ?? randomUUID(),
      bundle,
      payload,
      source: lastingSource(argument, flowSources(io)),
      trigger: args.triggerAlias,
      capture: args.captureAlias,
      deadlineMs: args.deadlineMs,
      ...(args.deterministic === true ? { seed: args.seed ?? 0 } : {}),
    });
    const journal = await store.create(start);
    if (args.json !== true) io.err(`Run ${start.runId} (journal ${dir})\n`);
    const result = await followRun(store, journal, { plan, host, events, ...streamOf(args) }, io);
    done();
    const reported = { flow: bundle.ir.name, runId: start.runId, result };
    return reportRun({ ...reported, words: journalWords(place) }, args, io);
  } finally {
    await store.close();
  }
}

function streamOf({ stream }: RunLocalArgs) {
  return stream === undefined ? {} : { stream };
}

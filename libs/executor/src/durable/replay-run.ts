// Executes a journaled run again, without doing anything: the handlers of strict nodes are called and
// compared with what is recorded, everything else is answered from the journal.
import { diagnostic, type Diagnostic } from '@basalt/diagnostics';
import { valueToJson, type Value } from '@basalt/ir';
import type { ExecPlan } from '../plan/exec-plan.js';
import type { InvocationMetadata } from '../node-handler.js';
import type { HostOptions } from '../run/host-options.js';
import type { RunResult } from '../run/run-result.js';
import { replayedRun } from '../run/run.js';
import { ReplayWatch, same, type Divergence } from './replay-watch.js';
import type { EndedRecord } from './run-history.js';
import type { RunJournal, RunRecord } from './run-journal.js';

/** What the run was started with. */
export interface ReplayStart {
  readonly runId: string;
  readonly payload: Value;
  readonly trigger?: string | undefined;
  readonly capture?: string | undefined;
  readonly labels?: InvocationMetadata['labels'] | undefined;
  readonly extensions?: InvocationMetadata['extensions'] | undefined;
  readonly deterministic?: HostOptions['deterministic'] | undefined;
}

export interface ReplayReport {
  readonly divergence: Divergence | undefined;
  /** DUR112 for the divergence, with its values as JSON in the details; DUR104 for a journal of
   * another flow. */
  readonly finding: Diagnostic | undefined;
  /** Handlers that were called and compared. */
  readonly called: number;
  /** Invocations that were answered from the journal. */
  readonly answered: number;
  /** False where the run has no outcome, or was stopped at work: then all up to there was compared. */
  readonly isComplete: boolean;
}

/** Replays a run on a plan, which may be that of a changed flow. Nothing is written, and no handler of
 * a node that is not pure and strict is called. Never rejects for what the history holds. */
export async function replayRun(
  plan: ExecPlan,
  start: ReplayStart,
  history: readonly RunRecord[],
): Promise<ReplayReport> {
  const ended = history.find((record): record is EndedRecord => record.kind === 'ended');
  const watch = new ReplayWatch(ended !== undefined);
  const { runId, payload, trigger, capture, labels = {}, extensions = {} } = start;
  const invoke = {
    payload,
    runId,
    ...(trigger === undefined ? {} : { trigger }),
    ...(capture === undefined ? {} : { capture }),
    // A run whose outputs were read as a stream has no output in its journal.
    ...(ended?.status === 'completed' && ended.output === undefined
      ? { mode: 'stream' as const }
      : {}),
    metadata: { labels, extensions },
    journal: new ReplayedJournal(runId, history),
  };
  const { deterministic } = start;
  const host = { onSuspended: 'fail', ...(deterministic ? { deterministic } : {}) } as const;
  const result = await replayedRun(plan, invoke, host, watch);
  const divergence = watch.divergence ?? outcomeDivergence(ended, result, watch);
  const unfit = result.diagnostics.find(({ code }) => code === 'DUR104');
  return {
    divergence,
    finding: unfit ?? (divergence === undefined ? undefined : findingOf(divergence)),
    called: watch.called,
    answered: watch.answered,
    isComplete: ended !== undefined && !watch.reachedEnd && unfit === undefined,
  };
}

/** A run that was stopped at work, by a limit or by somebody, has an outcome that no replay gives. */
function outcomeDivergence(
  ended: EndedRecord | undefined,
  { status, output, diagnostics }: RunResult,
  watch: ReplayWatch,
): Divergence | undefined {
  if (ended === undefined || watch.reachedEnd || ended.status === 'cancelled') return undefined;
  const place = { node: '', key: '', where: 'the result' };
  if (ended.status === 'completed' && status === 'completed') {
    if (same(ended.output, output)) return undefined;
    return { ...place, expected: ended.output, got: output };
  }
  const expected = ended.findings[0]?.code ?? ended.status;
  const got = status === 'completed' ? status : (diagnostics[0]?.code ?? status);
  return expected === got ? undefined : { ...place, expected, got };
}

function findingOf(divergence: Divergence): Diagnostic {
  const { node, key, where, expected, got } = divergence;
  const details = { key, expected: toJson(expected), got: toJson(got) };
  const params = { node: node === '' ? 'of the whole flow' : node, where };
  return diagnostic.DUR112(params, undefined, { details });
}

function toJson(value: Value | undefined): unknown {
  return value === undefined ? undefined : valueToJson(value);
}

/** Takes everything and keeps nothing. The outcome is left out: it is what has to come again. */
class ReplayedJournal implements RunJournal {
  readonly startedAt = Infinity;
  readonly history: readonly RunRecord[];

  constructor(
    readonly runId: string,
    history: readonly RunRecord[],
  ) {
    const undoing = new Set(['ended', 'compensating', 'compensated']);
    this.history = history.filter(({ kind }) => !undoing.has(kind));
  }

  append(): void {
    // Nothing is written.
  }

  flush(): Promise<void> {
    return Promise.resolve();
  }

  reserve(): Promise<{ readonly state: 'own' }> {
    return Promise.resolve({ state: 'own' });
  }

  release(): void {
    // Nothing is held.
  }
}

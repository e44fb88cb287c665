// The run of a job in the journal: made when the job is first delivered, taken up again after a crash
// or a wait. Its id is that of the job; the runs that follow a failed one have a number behind it.
import { DiagnosticError, diagnostic, isError } from '@basalt/diagnostics';
import type { RunRecord } from '@basalt/executor';
import type { JournalStore, OwnedJournal, RunStart } from '@basalt/journal';
import type { Job, JobFault } from '../job.js';
import type { WorkerFlow } from './queued-flow.js';

/** What there is to do for a job: execute a run, or nothing because it has ended. */
export type JobRun =
  | { readonly kind: 'execute'; readonly journal: OwnedJournal }
  | { readonly kind: 'ended'; readonly runId: string; readonly failed: JobFault | undefined };

/** Which queue and which clock runs are started by. */
export interface RunOrigin {
  readonly queue: string;
  readonly now: () => number;
  /** Whether a job whose run has failed for this reason is given another one. */
  readonly isLasting: (code: string) => boolean;
}

const JOB_LABEL = 'lf.job_id';
const QUEUE_LABEL = 'lf.queue';
const TAKEN = 'JRNL001';
const ENDED = 'JRNL003';

/** The labels of a job's runs: its own, and where it comes from. */
export function labelsOf(job: Job, queue: string): Readonly<Record<string, string>> {
  return { ...job.labels, [JOB_LABEL]: job.id, [QUEUE_LABEL]: queue };
}

/** Finds or makes the run of a job. Nothing is begun that is not in the journal first. */
export async function jobRun(
  store: JournalStore,
  job: Job,
  flow: WorkerFlow,
  origin: RunOrigin,
): Promise<JobRun> {
  for (let number = 1; ; number += 1) {
    const runId = number === 1 ? job.id : `${job.id}~${number}`;
    const made = await create(store, runStart(runId, job, flow, origin));
    if (made !== undefined) return { kind: 'execute', journal: made };
    const found = await takeUp(store, runId, job);
    // A run of this name that is not the job's, or one that failed and leaves room for another.
    if (found === undefined) continue;
    if (found.kind === 'ended' && found.failed && !origin.isLasting(found.failed.code)) continue;
    return found;
  }
}

function runStart(
  runId: string,
  job: Job,
  { plan, hash, document }: WorkerFlow,
  { queue, now }: RunOrigin,
): RunStart {
  const { id, name, version } = plan.ir;
  const { trigger, capture, payload, deadlineMs, extensions } = job;
  return {
    runId,
    flow: { id, name, version },
    flowHash: hash,
    flowDocument: document,
    payload,
    ...(trigger === undefined ? {} : { trigger }),
    ...(capture === undefined ? {} : { capture }),
    ...(deadlineMs === undefined ? {} : { deadlineMs }),
    ...(extensions === undefined ? {} : { extensions }),
    labels: labelsOf(job, queue),
    startedAt: now(),
  };
}

/** Undefined where there is a run of this name. */
async function create(store: JournalStore, start: RunStart): Promise<OwnedJournal | undefined> {
  try {
    return await store.create(start);
  } catch (error) {
    if (codeOf(error) === TAKEN) return undefined;
    throw error;
  }
}

async function takeUp(store: JournalStore, runId: string, job: Job): Promise<JobRun | undefined> {
  const start = await store.start(runId);
  if (start !== undefined && start.labels?.[JOB_LABEL] !== job.id) return undefined;
  try {
    return { kind: 'execute', journal: await store.open(runId) };
  } catch (error) {
    if (codeOf(error) !== ENDED) throw error;
  }
  const records = await store.records(runId);
  const last = records.at(-1);
  if (last?.kind !== 'ended' || last.status !== 'failed' || records.some(isDropped)) {
    return { kind: 'ended', runId, failed: undefined };
  }
  const first = last.findings.find(isError) ?? last.findings[0];
  const unknown = diagnostic.QUE111({ job: job.id, reason: 'its run has failed' });
  const { code, message } = first ?? unknown;
  return { kind: 'ended', runId, failed: { code, message } };
}

/** Whether a message of the run was dropped as its edge has it: a duplicate on an exactly_once edge, or
 * one that an at_most_once edge does not repeat. A run that has no result for this reason has done
 * what it should. */
export function isDropped({ kind }: RunRecord): boolean {
  return kind === 'dropped';
}

function codeOf(error: unknown): string | undefined {
  return error instanceof DiagnosticError ? error.diagnostic.code : undefined;
}

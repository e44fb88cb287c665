// Ends a run that is kept: at once where nobody executes it, else by asking whoever does. A job that no
// worker has begun gets a run that is cancelled, so that whoever comes to it finds it ended.
import { diagnostic, DiagnosticError } from '@basalt/diagnostics';
import type { JournalStore, RunStart } from '@basalt/journal';
import type { Job, QueueBackend } from '@basalt/queue';
import { startOf } from '../durable/journaled-run.js';
import type { CompiledFlow } from '../hosted-flow.js';
import { findAttempts, type RunState } from '../queueing/run-state.js';

export interface KeptRuns {
  readonly journal: JournalStore;
  readonly queue?: QueueBackend | undefined;
  readonly flows: readonly CompiledFlow[];
}

/** Ends it, and says how: cancelled, or cancelling where its owner was asked.
 * @throws DiagnosticError JRNL003 for a run that has ended otherwise, HTTP163 for a job of a flow that
 * this host does not have. */
export async function cancelKept(
  id: string,
  state: RunState,
  reason: string,
  kept: KeptRuns,
): Promise<'cancelled' | 'cancelling'> {
  if (state.status === 'cancelled') return 'cancelled';
  if (state.hasEnded) {
    throw new DiagnosticError([diagnostic.JRNL003({ run: id, status: state.status })]);
  }
  const begun = await openAttempt(id, state, kept);
  const answer = await kept.journal.cancel(begun, reason);
  if (answer === 'asked') return 'cancelling';
  if (answer === 'ended') {
    const status = (await kept.journal.info(begun))?.status ?? 'ended';
    if (status !== 'cancelled')
      throw new DiagnosticError([diagnostic.JRNL003({ run: id, status })]);
  }
  // A parked job is delivered again, so that its worker finds the run ended.
  await kept.queue?.resume(id);
  return 'cancelled';
}

/** Id of the attempt that has not ended; made where there is none yet. */
async function openAttempt(id: string, state: RunState, kept: KeptRuns): Promise<string> {
  const { journal, queue, flows } = kept;
  const { last, next } = await findAttempts(id, journal);
  const isWaitingForWorker = state.status === 'queued' || state.status === 'retrying';
  if (last !== undefined && !isWaitingForWorker) return last.runId;
  const job = (await queue?.find(id))?.job;
  const flow = flows.find((one) => one.id === job?.flow);
  if (job === undefined || flow === undefined) {
    const problem = 'it is a job of a flow that this host does not have';
    throw new DiagnosticError([diagnostic.HTTP163({ run: id, problem })]);
  }
  try {
    await (await journal.create(startOfJob(flow, job, next, queue!.queue))).close();
  } catch (error) {
    // A worker has just begun it.
    const isTaken = error instanceof DiagnosticError && error.diagnostic.code === 'JRNL001';
    if (!isTaken) throw error;
  }
  return next;
}

/** As a worker begins it. */
function startOfJob(flow: CompiledFlow, job: Job, runId: string, queue: string): RunStart {
  const { trigger, capture, payload, deadlineMs, extensions = {} } = job;
  const labels = { ...job.labels, 'lf.job_id': job.id, 'lf.queue': queue };
  const invoke = {
    payload,
    metadata: { labels, extensions },
    ...(trigger === undefined ? {} : { trigger }),
    ...(capture === undefined ? {} : { capture }),
    ...(deadlineMs === undefined ? {} : { deadlineMs }),
  };
  return startOf(flow, invoke, runId);
}

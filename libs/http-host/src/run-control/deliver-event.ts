// Gives a run an event that it waits for, or will wait for. With a journal the event is on disk before
// the caller is told, and whoever executes the run goes on with it.
import { diagnostic, DiagnosticError } from '@basalt/diagnostics';
import type { FlowIR } from '@basalt/ir';
import type { JournalStore } from '@basalt/journal';
import { resumeOne } from '../durable/resume-runs.js';
import type { HostContext } from '../host-part.js';
import type { CompiledFlow } from '../hosted-flow.js';
import type { ActiveRun } from '../run-hub.js';
import { checkpointsOf, eventProblem } from './awaited-checkpoints.js';
import type { RunEvent } from './control-body.js';

export interface DeliveredToRun {
  /** An event with its id was known: this one changes nothing. */
  readonly repeated: boolean;
  /** Who goes on with the run: its owner, a worker of the queue, this host; null: nobody yet. */
  readonly takenUpBy: 'owner' | 'worker' | 'host' | null;
}

/** To a run that is kept. @param runId of the attempt under way
 * @throws DiagnosticError HTTP162, RUN131, JRNL003. */
export async function deliverToKept(
  context: HostContext,
  journal: JournalStore,
  runId: string,
  event: RunEvent,
): Promise<DeliveredToRun> {
  const start = await journal.start(runId);
  if (start === undefined) throw new DiagnosticError([diagnostic.JRNL002({ run: runId })]);
  const flow = context.flows.find(({ id }) => id === start.flow.id);
  checkEvent(runId, start.flowDocument as unknown as FlowIR, flow, event);
  const { id, checkpoint, key, payload } = event;
  const isNew = await journal.deliver(runId, {
    id,
    checkpoint,
    correlation: key,
    event: payload,
  });
  const takenUpBy = await takeUp(context, journal, runId, flow);
  return { repeated: !isNew, takenUpBy };
}

/** To a run of this process that no journal keeps.
 * @throws DiagnosticError HTTP162, RUN131, HTTP163 where it waits for no such event. */
export function deliverToActive({ entry, run }: ActiveRun, event: RunEvent): DeliveredToRun {
  const { checkpoint, key, payload } = event;
  checkEvent(entry.id, entry.flow.ir, entry.flow, event);
  if (run.resume(checkpoint, key, payload)) return { repeated: false, takenUpBy: 'owner' };
  const problem = `it waits for nothing under this key at the checkpoint ${checkpoint}`;
  throw new DiagnosticError([diagnostic.HTTP163({ run: entry.id, problem })]);
}

function checkEvent(
  run: string,
  ir: FlowIR,
  flow: CompiledFlow | undefined,
  { checkpoint, payload }: RunEvent,
): void {
  const checkpoints = checkpointsOf(ir);
  if (!checkpoints.includes(checkpoint)) {
    const details = { pointer: '/checkpoint', checkpoints };
    const params = { run, checkpoint: JSON.stringify(checkpoint.slice(0, 100)) };
    throw new DiagnosticError([diagnostic.HTTP162(params, undefined, { details })]);
  }
  const problem = flow === undefined ? undefined : eventProblem(flow.plan, checkpoint, payload);
  if (problem === undefined) return;
  const details = { pointer: '/payload' };
  throw new DiagnosticError([diagnostic.RUN131({ checkpoint, problem }, undefined, { details })]);
}

/** A job that is parked is delivered again; a run that nobody executes goes on here. */
async function takeUp(
  context: HostContext,
  journal: JournalStore,
  runId: string,
  flow: CompiledFlow | undefined,
): Promise<DeliveredToRun['takenUpBy']> {
  if ((await journal.info(runId))?.owner !== undefined) return 'owner';
  const { labels = {} } = (await journal.start(runId)) ?? {};
  const { 'lf.queue': queueName, 'lf.job_id': job } = labels;
  if (queueName !== undefined) {
    const { queue } = context.options;
    if (queue?.queue !== queueName || job === undefined) return null;
    return (await queue.resume(job)) ? 'worker' : null;
  }
  if (flow === undefined) return null;
  try {
    return (await resumeOne(context, journal, flow, runId)) ? 'host' : null;
  } catch (error) {
    // The event is kept, whatever keeps the run from going on here and now.
    if (!(error instanceof DiagnosticError)) throw error;
    return error.diagnostic.code === 'JRNL004' ? 'owner' : null;
  }
}

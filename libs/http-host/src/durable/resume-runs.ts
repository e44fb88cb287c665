// Takes up the runs that a host has left when it crashed or was shut down.
import { DiagnosticError, type Diagnostic } from '@basalt/diagnostics';
import { canContinue, type Invoke } from '@basalt/executor';
import type { FlowIR } from '@basalt/ir';
import type { JournalStore, RunInfo, RunStart } from '@basalt/journal';
import type { HostContext } from '../host-part.js';
import type { CompiledFlow } from '../hosted-flow.js';
import { flowHashOf } from './journaled-run.js';

export interface ResumedRuns {
  /** Ids of the runs that go on. */
  readonly resumed: readonly string[];
  /** Runs of flows of this host that could not be taken up, and why. */
  readonly left: readonly { readonly runId: string; readonly finding: Diagnostic }[];
}

const PAGE = 200;
/** Somebody else has taken it up, or it has ended meanwhile. */
const NOT_OURS: ReadonlySet<string> = new Set(['JRNL003', 'JRNL004']);

/** Resumes every run of the flows of the host that nobody owns. Those of queues are left to workers. */
export async function resumeRuns(context: HostContext): Promise<ResumedRuns> {
  const { journal } = context.options;
  const resumed: string[] = [];
  const left: { runId: string; finding: Diagnostic }[] = [];
  if (journal === undefined) return { resumed, left };
  const byId = new Map(context.flows.map((flow) => [flow.id, flow]));
  for (const { runId, flowId } of await openRuns(journal)) {
    const flow = byId.get(flowId);
    if (flow === undefined) continue;
    try {
      if (await resumeOne(context, journal, flow, runId)) resumed.push(runId);
    } catch (error) {
      if (!(error instanceof DiagnosticError)) throw error;
      if (!NOT_OURS.has(error.diagnostic.code)) left.push({ runId, finding: error.diagnostic });
    }
  }
  return { resumed, left };
}

/** The oldest first. They are collected before any is taken up: that changes the list. */
async function openRuns(journal: JournalStore): Promise<readonly RunInfo[]> {
  const found: RunInfo[] = [];
  for (const status of ['interrupted', 'waiting'] as const) {
    let after: string | undefined;
    do {
      const page = await journal.list({ status, limit: PAGE, after });
      found.push(...page.runs);
      after = page.next;
    } while (after !== undefined);
  }
  return found.sort((a, b) => a.startedAt - b.startedAt);
}

/** Goes on with a run that nobody owns; false for one of a queue.
 * @throws DiagnosticError JRNL004 where somebody owns it, DUR111 where its flow has changed. */
export async function resumeOne(
  { runs }: HostContext,
  store: JournalStore,
  flow: CompiledFlow,
  runId: string,
): Promise<boolean> {
  const start = await store.start(runId);
  if (start === undefined || start.labels?.['lf.queue'] !== undefined) return false;
  const journal = await store.open(runId);
  try {
    if (start.flowHash !== flowHashOf(flow)) {
      const before = start.flowDocument as unknown as FlowIR;
      const verdict = canContinue(before, flow.ir, journal.history);
      if (verdict.kind !== 'continue') throw new DiagnosticError([verdict.finding]);
    }
    const invoke = { ...invokeOf(start), journal };
    await runs.start(flow, invoke, { client: '', source: 'resumed' });
    return true;
  } catch (error) {
    await journal.close();
    throw error;
  }
}

function invokeOf(start: RunStart): Invoke {
  const { runId, payload, trigger, capture, deadlineMs, labels = {}, extensions = {} } = start;
  return {
    runId,
    payload,
    metadata: { labels, extensions },
    ...(trigger === undefined ? {} : { trigger }),
    ...(capture === undefined ? {} : { capture }),
    ...(deadlineMs === undefined ? {} : { deadlineMs }),
  };
}

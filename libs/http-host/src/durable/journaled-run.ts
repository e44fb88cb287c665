// An execution of the host that is kept in a journal: what it was started with, and its end.
import { DiagnosticError } from '@basalt/diagnostics';
import type { Invoke, Run } from '@basalt/executor';
import { structuralHash, type Value } from '@basalt/ir';
import type { OwnedJournal, RunStart } from '@basalt/journal';
import type { CompiledFlow } from '../hosted-flow.js';

const hashes = new WeakMap<CompiledFlow, string>();

/** The structural hash of a flow, made once. */
export function flowHashOf(flow: CompiledFlow): string {
  let hash = hashes.get(flow);
  if (hash === undefined) hashes.set(flow, (hash = structuralHash(flow.ir)));
  return hash;
}

/** What the journal keeps of an invocation. */
export function startOf(flow: CompiledFlow, invoke: Invoke, runId: string): RunStart {
  const { id, name, version } = flow.ir;
  const { payload, trigger, capture, deadlineMs, metadata = {} } = invoke;
  const { labels, extensions } = metadata;
  return {
    runId,
    flow: { id, name, version },
    flowHash: flowHashOf(flow),
    flowDocument: flow.ir as unknown as Value,
    payload,
    ...(trigger === undefined ? {} : { trigger }),
    ...(capture === undefined ? {} : { capture }),
    ...(deadlineMs === undefined ? {} : { deadlineMs }),
    ...(labels === undefined ? {} : { labels }),
    ...(extensions === undefined ? {} : { extensions }),
    startedAt: Date.now(),
  };
}

/** Stops the run when its journal is taken away or says that it is cancelled, and gives the journal back
 * when the run has ended. Never rejects: what could not be written is in the result of the run. */
export async function obeyJournal(run: Run, journal: OwnedJournal): Promise<void> {
  const { lost } = journal;
  const onLost = () => {
    const { reason } = lost;
    const finding = reason instanceof DiagnosticError ? reason.diagnostic : undefined;
    const words = finding?.message ?? String(reason);
    void (finding?.code === 'JRNL009' ? run.cancel(words) : run.interrupt(words));
  };
  if (lost.aborted) onLost();
  else lost.addEventListener('abort', onLost, { once: true });
  await run.result;
  lost.removeEventListener('abort', onLost);
  await journal.close().catch(() => undefined);
}

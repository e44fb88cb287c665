// Whether a run that was begun with one version of a flow may go on with another.
import { DiagnosticError, diagnostic } from '@basalt/diagnostics';
import type { RunRecord } from '@basalt/executor';
import { diffFlows, verdictForExecution, type FlowIR } from '@basalt/ir';
import type { OwnedJournal } from '@basalt/journal';
import type { WorkerFlow } from './queued-flow.js';

/** @throws DiagnosticError DUR110 where the run has to end on its own version, DUR111 where runs of
 * both exclude each other. */
export function checkVersion(journal: OwnedJournal, flow: WorkerFlow): void {
  if (journal.start.flowHash === flow.hash) return;
  const before = journal.start.flowDocument as unknown as FlowIR;
  const diff = diffFlows(before, flow.plan.ir);
  const verdict = verdictForExecution(diff, startedNodes(journal.history));
  if (verdict === 'continue') return;
  const decisive = diff.changes.find((change) => change.verdict === verdict);
  const reason =
    decisive === undefined
      ? 'the flows differ'
      : `${decisive.name || 'the flow'}: ${decisive.reason}`;
  throw new DiagnosticError([
    verdict === 'pin' ? diagnostic.DUR110({ reason }) : diagnostic.DUR111({ reason }),
  ]);
}

function startedNodes(history: readonly RunRecord[]): ReadonlySet<string> {
  return new Set(history.flatMap((record) => ('alias' in record ? [record.alias] : [])));
}

// Whether a run that was begun with one version of a flow may go on with another.
import { DiagnosticError } from '@basalt/diagnostics';
import { canContinue } from '@basalt/executor';
import type { FlowIR } from '@basalt/ir';
import type { OwnedJournal } from '@basalt/journal';
import type { WorkerFlow } from './queued-flow.js';

/** @throws DiagnosticError DUR110 where the run has to end on its own version, DUR111 where runs of
 * both exclude each other. */
export function checkVersion(journal: OwnedJournal, flow: WorkerFlow): void {
  if (journal.start.flowHash === flow.hash) return;
  const before = journal.start.flowDocument as unknown as FlowIR;
  const verdict = canContinue(before, flow.plan.ir, journal.history);
  if (verdict.kind !== 'continue') throw new DiagnosticError([verdict.finding]);
}

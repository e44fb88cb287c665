// What a journal can say of an execution before any node of it is begun.
import { diagnostic } from '@basalt/diagnostics';
import type { ExecPlan } from '../plan/exec-plan.js';
import type { FlowRun } from '../run/flow-run.js';
import type { DurableRun } from './durable-run.js';

/** Ends an execution that is over, cannot be taken up, or was being undone; false where it is to be
 * executed. */
export function settleFromJournal(run: FlowRun, durable: DurableRun): boolean {
  const { history } = durable;
  const undoing = history.compensating.get(run.root.key);
  if (run.parent === undefined) {
    durable.root = run;
    const stranger = [...history.aliases].find((alias) => !hasNode(run.plan, alias));
    const problem = `the flow ${run.plan.ir.name} has no node ${stranger}`;
    const fault =
      durable.fault ?? (stranger === undefined ? undefined : diagnostic.DUR104({ problem }));
    if (fault !== undefined) {
      run.ending.interrupt(fault);
      return true;
    }
    if (history.ended !== undefined) {
      run.ending.repeat(history.ended);
      return true;
    }
  }
  if (undoing === undefined) return false;
  run.ending.goOnUndoing(undoing);
  return true;
}

function hasNode(plan: ExecPlan, alias: string): boolean {
  if (plan.byAlias.has(alias)) return true;
  return plan.nodes.some(({ subflow }) => subflow !== undefined && hasNode(subflow, alias));
}

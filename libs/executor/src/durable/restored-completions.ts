// What an execution had completed before a restart, found in its journal alone: undoing goes on without
// the flow being executed again.
import { diagnostic } from '@basalt/diagnostics';
import { compensate, type Completion } from '../run/completion-log.js';
import { FlowRun } from '../run/flow-run.js';
import type { ResultRecord } from './run-history.js';
import type { RecordedUndo } from './run-journal.js';

/** What the execution, subflows included, has done and not undone; in order of completion. */
export function restoreCompletions(run: FlowRun): readonly Completion[] {
  const { history } = run.durable!;
  const executions = new Map<string, FlowRun | undefined>();
  return history.undoable.flatMap((record) => {
    const path = pathBelow(run.root.key, record.undo!.within);
    if (path === undefined || history.compensated.has(record.key)) return [];
    return [completionOf(executionAt(run, path, executions), record)];
  });
}

function completionOf(run: FlowRun | undefined, record: ResultRecord): Completion {
  const { key, alias, undo, output } = record;
  const plan = run?.plan.byAlias.get(alias);
  return {
    key,
    alias,
    async undo(error) {
      if (run === undefined || plan?.compensator === undefined) {
        const reason = 'the flow has no compensator for it any more';
        return diagnostic.SAGA202({ node: alias, reason });
      }
      return compensate(run, plan, undo!.input, output ?? null, error);
    },
  };
}

/** The subflows between the execution with this scope and the record's; undefined where the record is
 * none of it. */
function pathBelow(
  scope: string,
  within: RecordedUndo['within'],
): RecordedUndo['within'] | undefined {
  if (scope === '') return within;
  const at = within.findIndex((entry) => entry.scope === scope);
  return at < 0 ? undefined : within.slice(at + 1);
}

/** The execution of a subflow, for its compensators only: nothing in it is begun. */
function executionAt(
  run: FlowRun,
  path: RecordedUndo['within'],
  known: Map<string, FlowRun | undefined>,
): FlowRun | undefined {
  let at: FlowRun | undefined = run;
  for (const { alias, scope } of path) {
    const parent: FlowRun | undefined = at;
    if (!known.has(scope)) known.set(scope, parent && executionOf(parent, alias, scope));
    at = known.get(scope);
  }
  return at;
}

function executionOf(parent: FlowRun, alias: string, scope: string): FlowRun | undefined {
  const plan = parent.plan.byAlias.get(alias)?.subflow;
  if (plan === undefined) return undefined;
  return new FlowRun({
    plan,
    invoke: { payload: null, runId: subflowRunId(parent, alias, scope) },
    host: parent.host,
    sources: parent.sources,
    trigger: plan.triggers[0],
    capture: undefined,
    parent,
    calledBy: alias,
    durable: parent.durable,
    scopeKey: scope,
  });
}

/** The id of the execution of a subflow, the same after a restart. */
export function subflowRunId(parent: FlowRun, alias: string, scope: string): string {
  return `${parent.id}/${alias}/${scope.slice(0, 16)}`;
}

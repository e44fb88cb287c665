// Puts together what an execution counted.
import type { FlowRun } from './flow-run.js';
import type { ErrorSummary, NodeSummary, RunSummary } from './run-result.js';

export function summaryOf(run: FlowRun): RunSummary {
  const nodes: NodeSummary[] = [];
  const errors: ErrorSummary[] = [];
  for (const node of run.nodes) {
    if (node === undefined || (node.invocations === 0 && node.errors === undefined)) continue;
    const { alias } = node.plan;
    const { invocations } = node;
    nodes.push({ alias, invocations, avg_ms: invocations === 0 ? 0 : node.busyMs / invocations });
    for (const [error_kind, count] of node.errors ?? []) errors.push({ alias, error_kind, count });
  }
  return { duration_ms: run.monotonic() - run.startedAt, nodes, errors };
}

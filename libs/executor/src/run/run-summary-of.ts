// Puts together what an execution counted.
import type { FlowRun } from './flow-run.js';
import type { ErrorSummary, NodeSummary, RunSummary } from './run-result.js';

export function summaryOf(run: FlowRun): RunSummary {
  const nodes: NodeSummary[] = [];
  const errors: ErrorSummary[] = [];
  const { nodes: all } = run;
  for (let i = 0; i < all.length; i += 1) {
    const node = all[i];
    if (node === undefined) continue;
    const { invocations } = node;
    const { alias } = node.plan;
    if (invocations > 0) nodes.push({ alias, invocations, avg_ms: node.busyMs / invocations });
    node.errors?.forEach((count, error_kind) => errors.push({ alias, error_kind, count }));
  }
  return { duration_ms: run.tick() - run.startedAt, nodes, errors };
}

// Looks at an execution in which nothing moves any more and says what is missing, so that no
// execution ends in silence or hangs.
import { diagnostic, type Diagnostic } from '@basalt/diagnostics';
import type { FlowRun } from './flow-run.js';

/** Why the execution is not complete; undefined where it is. */
export function findStarved(run: FlowRun): Diagnostic | undefined {
  for (const plan of run.plan.holding) {
    const starved = run.nodes[plan.index]?.intake?.starved();
    if (starved !== undefined) return starved;
  }
  if (run.root.live > 0) {
    return diagnostic.RUN112({ blocked: blockedEdges(run) });
  }
  const wanted = run.captureNode;
  if (wanted !== undefined && run.invoke.mode !== 'stream' && run.capture.count === 0) {
    return diagnostic.RUN110({ capture: wanted.alias, reached: reached(run) });
  }
  return undefined;
}

function blockedEdges(run: FlowRun): string {
  const blocked = run.edges.filter((edge) => edge !== undefined && edge.waiting > 0);
  if (blocked.length === 0) return 'no edge is full';
  return blocked.map((edge) => edge!.plan.label).join(', ');
}

function reached(run: FlowRun): string {
  const aliases = run.nodes.flatMap((node) =>
    node !== undefined && node.invocations > 0 ? [node.plan.alias] : [],
  );
  return aliases.length === 0 ? 'no node' : aliases.join(', ');
}

// The checkpoints of a flow at which its executions wait for events, those of its subflows included.
import type { ExecPlan } from '@basalt/executor';
import type { FlowIR, Value } from '@basalt/ir';

/** Each id once, in the order of the document. */
export function checkpointsOf(ir: FlowIR): readonly string[] {
  const own = ir.control_surfaces.flatMap(({ kind, config }) => {
    const id = kind === 'await' ? (config as { checkpoint_id?: unknown }).checkpoint_id : undefined;
    return typeof id === 'string' ? [id] : [];
  });
  const below = Object.values(ir.subflows ?? {}).flatMap(checkpointsOf);
  return [...new Set([...own, ...below])];
}

/** What is wrong with an event for a checkpoint, in words; undefined where one of the awaits of that
 * name takes it, or there is none. */
export function eventProblem(plan: ExecPlan, checkpoint: string, event: Value): string | undefined {
  let problem: string | undefined;
  for (const held of awaitsOf(plan)) {
    if (held.checkpointId !== checkpoint) continue;
    problem = held.checkEvent?.(event);
    if (problem === undefined) return undefined;
  }
  return problem;
}

function awaitsOf({ edges, nodes }: ExecPlan): NonNullable<ExecPlan['edges'][number]['held']>[] {
  const own = edges.flatMap(({ held }) => held ?? []);
  return [...own, ...nodes.flatMap(({ subflow }) => (subflow ? awaitsOf(subflow) : []))];
}

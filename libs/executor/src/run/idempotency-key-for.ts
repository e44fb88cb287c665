// The idempotency key of one message at one node: equal for every attempt and every redelivery.
import { compileSelector, idempotencyKey, type FlowIR, type Value } from '@basalt/ir';
import type { EdgePlan, NodePlan } from '../plan/exec-plan.js';

/** The pointers are those of `idempotency.key` and `idempotency.fields`; without any the key is of the
 * whole input. A part that is absent counts as null. */
export function idempotencyKeyFor(
  flow: FlowIR,
  node: NodePlan,
  input: Value,
  edge: EdgePlan | undefined,
): string {
  const { key, fields = [], scope } = node.ir.idempotency;
  const pointers = key === undefined ? fields : [key, ...fields];
  const selected: Record<string, Value> = Object.create(null) as Record<string, Value>;
  for (const pointer of pointers.length === 0 ? [''] : pointers) {
    selected[pointer] = compileSelector(pointer)(input) ?? null;
  }
  return idempotencyKey({
    flow: flow.id,
    node: scope === 'edge' && edge !== undefined ? edge.label : node.alias,
    ...(scope === 'partition' ? { partition: edge?.partition?.(input) ?? null } : {}),
    fields: selected,
  });
}

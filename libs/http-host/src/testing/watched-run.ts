// A run as the executor shows it to its observers, driven by hand.
import type { ObservedInvocation, ObservedRun } from '@basalt/executor';
import type { Value } from '@basalt/ir';

export function observedRun(id: string, flow = 'flow', parentId?: string): ObservedRun {
  const nothing = { now: () => 0, countActive: () => 0, eachDepth: () => undefined };
  return { id, flow, flowName: flow, parentId, ...nothing };
}

export function invocation(
  seq: number,
  alias: string,
  input: Value = null,
  attempt = 1,
): ObservedInvocation {
  return { seq, alias, attempt, input, ms: 0 };
}

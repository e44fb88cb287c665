// A run as the executor shows it to its observers, driven by hand.
import type { ObservedInvocation, ObservedRun } from '@basalt/executor';
import type { Value } from '@basalt/ir';

export function observedRun(id: string, flow = 'flow', parentId?: string): ObservedRun {
  return { id, flow, parentId, now: () => 0 };
}

export function invocation(
  seq: number,
  alias: string,
  input: Value = null,
  attempt = 1,
): ObservedInvocation {
  return { seq, alias, attempt, input };
}

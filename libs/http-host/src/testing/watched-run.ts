// A run as the executor shows it to its observers, driven by hand.
import type { ObservedInvocation, ObservedRun } from '@basalt/executor';
import type { Value } from '@basalt/ir';

export function observedRun(id: string, flow = 'flow', parentId?: string): ObservedRun {
  const nothing = { countActive: () => 0, eachDepth: () => undefined, eachEnded: () => undefined };
  const times = { now: () => 0, startedAt: 0, lastTick: 0 };
  return { id, flow, flowName: flow, parentId, ...times, ...nothing };
}

export function invocation(
  seq: number,
  alias: string,
  input: Value = null,
  attempt = 1,
): ObservedInvocation {
  return { seq, alias, attempt, input, ms: 0 };
}

// A flow and all flows inside it, each once, without recursion.
import type { FlowIR } from '@basalt/ir';
import type { PathStep } from './rule.js';

/** One flow of a document, and where it stands. */
export interface FlowWithin {
  readonly flow: FlowIR;
  /** Path from the outermost flow; empty for that flow itself. */
  readonly path: readonly PathStep[];
  /** Set where this flow is one of its own parents: the keys from that parent back to itself. */
  readonly enclosedBy: string | undefined;
}

/**
 * The outer flow first, then its subflows in document order, each with its own subflows after it. A
 * flow object that occurs at several places is given once, at the first; one that contains itself is
 * given again with `enclosedBy` set, and not entered. Linear in the number of flows.
 */
export function* flowsWithin(outermost: FlowIR): Generator<FlowWithin> {
  const finished = new Set<FlowIR>();
  const open = new Map<FlowIR, number>();
  const keys: string[] = [];
  const pending: ({ readonly flow: FlowIR; readonly key: string } | 'leave')[] = [];
  const parents: FlowIR[] = [];
  pending.push({ flow: outermost, key: '' });
  while (pending.length > 0) {
    const item = pending.pop()!;
    if (item === 'leave') {
      const done = parents.pop()!;
      keys.pop();
      open.delete(done);
      finished.add(done);
      continue;
    }
    const { flow, key } = item;
    const depth = open.get(flow);
    const path = [...keys, key].slice(1).flatMap((name): PathStep[] => ['subflows', name]);
    if (depth !== undefined) {
      yield { flow, path, enclosedBy: [...keys.slice(depth + 1), key].join(' -> ') };
      continue;
    }
    if (finished.has(flow)) continue;
    yield { flow, path, enclosedBy: undefined };
    open.set(flow, parents.length);
    parents.push(flow);
    keys.push(key);
    pending.push('leave');
    const inner = Object.entries(flow.subflows ?? {});
    for (const [name, subflow] of inner.reverse()) pending.push({ flow: subflow, key: name });
  }
}

// Which handlers a bundle lacks: all of them at once, so that they can be added at once.
import type { FlowIR } from '@basalt/ir';
import type { FlowBundle } from '../node-handler.js';

/** The identifiers without a handler, with the nodes that need them, in the order of the flow. */
export function missingHandlers({ ir, handlers }: FlowBundle): readonly string[] {
  const missing: string[] = [];
  const seen = new Set<FlowIR>();
  const pending: FlowIR[] = [ir];
  for (let flow = pending.shift(); flow !== undefined; flow = pending.shift()) {
    if (seen.has(flow)) continue;
    seen.add(flow);
    for (const node of flow.nodes) {
      if (node.kind === 'subflow') {
        if (!Object.hasOwn(flow.subflows ?? {}, node.subflow ?? '')) {
          missing.push(`subflow ${node.subflow ?? '(none named)'} of node ${node.alias}`);
        }
      } else if (!handlers.has(node.identifier)) {
        missing.push(`${node.identifier} of node ${node.alias}`);
      }
      const undo = node.compensation?.identifier;
      if (undo !== undefined && !handlers.has(undo)) {
        missing.push(`${undo}, the compensator of node ${node.alias}`);
      }
    }
    pending.push(...Object.values(flow.subflows ?? {}));
  }
  return missing;
}

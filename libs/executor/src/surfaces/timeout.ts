// timeout: the limit of one attempt of each of its nodes.
import type { TimeoutConfig } from '@basalt/ir';
import type { PlanDraft, SurfacePlace } from '../plan/plan-draft.js';

/** Attaches a timeout to each of its nodes; of two limits the shorter one holds. */
export function compileTimeout(draft: PlanDraft, place: SurfacePlace, config: TimeoutConfig): void {
  for (const alias of config.nodes) {
    const node = draft.nodeFor(place, alias);
    node.timeoutMs =
      node.timeoutMs === 0 ? config.timeout_ms : Math.min(node.timeoutMs, config.timeout_ms);
    if (config.handler !== undefined) node.onTimeout = draft.gate(place, alias, config.handler);
  }
}

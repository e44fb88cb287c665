// TIME016: a time limit that lies behind the deadline of the execution never ends anything.
import { diagnostic, type Location } from '@basalt/diagnostics';
import type { FlowIR } from '@basalt/ir';
import type { FlowIndex } from '../flow-index.js';
import type { Rule } from '../rule.js';

/** Limits of edges, nodes and surfaces that are longer than every deadline of the flow. */
export const usefulLimits: Rule = {
  name: 'useful-limits',
  codes: ['TIME016'],
  check({ flow, index, atEdge, atNode, atSurface, report }) {
    const deadline = longestDeadline(flow, index);
    if (deadline === undefined) return;
    const limited = (what: string, limit: number | undefined, at: () => Location): void => {
      if (limit === undefined || limit <= deadline) return;
      report(diagnostic.TIME016({ what, limit, deadline }, at()));
    };
    for (const e of index.edges) {
      const { from, to, timeout_ms } = e.edge;
      limited(`The edge ${from} -> ${to}`, timeout_ms, () => atEdge(e, 'timeout_ms'));
    }
    for (const n of index.nodes) {
      const { alias, timeout_ms } = n.node;
      limited(`Node ${alias}`, timeout_ms, () => atNode(n, 'timeout_ms'));
    }
    for (const s of index.surfaces) {
      const limit = s.config && 'timeout_ms' in s.config ? s.config.timeout_ms : undefined;
      limited(`Surface ${s.surface.id}`, limit, () => atSurface(s, 'config', 'timeout_ms'));
    }
  },
};

/** The longest that any execution can take; undefined where some trigger sets no deadline. */
function longestDeadline(flow: FlowIR, index: FlowIndex): number | undefined {
  const whole = flow.deadline_ms ?? Infinity;
  let longest = index.triggers.length === 0 ? whole : 0;
  for (const { node } of index.triggers) {
    longest = Math.max(longest, Math.min(whole, node.trigger?.deadline_ms ?? Infinity));
  }
  return longest === Infinity ? undefined : longest;
}

// CTRL001: where a flow asks for it, every fan-out says whether it is meant.
import { diagnostic } from '@basalt/diagnostics';
import type { Rule } from '../rule.js';

/** The 0.1 contract, section 2: CTRL001. With `policies.lint.require_control_hints`, a node with two
 * or more outgoing edges, none of which a surface gates or partitions, sends every message to all. */
export const controlHints: Rule = {
  name: 'control-hints',
  codes: ['CTRL001'],
  check({ flow, index, atNode, report }) {
    if (!flow.policies.lint.require_control_hints) return;
    const partitioned = new Set(
      index.surfacesOf('partition').map(({ config }) => config?.edge.from),
    );
    for (const indexed of index.nodes) {
      const { alias } = indexed.node;
      if (indexed.outgoing.length < 2 || partitioned.has(alias)) continue;
      if (indexed.outgoing.some(({ gate }) => gate !== undefined)) continue;
      const reason = `every message goes along all ${indexed.outgoing.length} edges`;
      report(diagnostic.CTRL001({ node: alias, reason }, atNode(indexed)));
    }
  },
};

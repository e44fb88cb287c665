// EGRESS101: a list of hosts that is not complete protects nothing.
import { diagnostic } from '@basalt/diagnostics';
import { hostAllowed, hostOf } from '../policy/host-pattern.js';
import type { Rule } from '../rule.js';

/**
 * The 0.1 contract, section 2, EGRESS101: an address among the params of a node (any text that is an
 * http or https URL) has a host of the node's egress list. Nodes without a list are left to policies.
 */
export const declaredEgress: Rule = {
  name: 'declared-egress',
  codes: ['EGRESS101'],
  check(context) {
    for (const indexed of context.index.nodes) {
      const { alias, egress, params } = indexed.node;
      if (egress === undefined || params === undefined) continue;
      for (const [name, value] of Object.entries(params)) {
        const host = typeof value === 'string' ? hostOf(value) : undefined;
        if (host === undefined || hostAllowed(host, egress)) continue;
        const at = context.atNode(indexed, 'params', name);
        context.report(diagnostic.EGRESS101({ node: alias, host }, at));
      }
    }
  },
};

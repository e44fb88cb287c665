// POL102: data may leave only towards hosts that somebody has agreed to.
import { diagnostic } from '@basalt/diagnostics';
import { capabilitiesOf } from '../hints/node-capabilities.js';
import { covers, hostOf } from '../policy/host-pattern.js';
import { allows, type AccessList } from '../policy/policy.js';
import type { NodeIR } from '@basalt/ir';
import type { Rule } from '../rule.js';

const ANY = 'any host, for it lists none';

/**
 * Every host that a node lists, or names among its params, is allowed by the policy. Where the policy
 * lists allowed hosts, a node that uses HTTP has to list its own. Only where a policy is given.
 */
export const policyEgress: Rule = {
  name: 'policy-egress',
  codes: ['POL102'],
  check(context) {
    const { policy } = context.options;
    if (policy === undefined) return;
    for (const indexed of context.index.nodes) {
      for (const host of refused(indexed.node, policy.egress)) {
        const params = { node: indexed.node.alias, host, policy: policy.file };
        context.report(diagnostic.POL102(params, context.atNode(indexed, 'egress')));
      }
    }
  },
};

function refused(node: NodeIR, list: AccessList): ReadonlySet<string> {
  const found = new Set<string>();
  const named = Object.values(node.params ?? {}).flatMap((v) =>
    typeof v === 'string' ? (hostOf(v) ?? []) : [],
  );
  for (const host of [...(node.egress ?? []), ...named]) {
    // A pattern that reaches into a denied name is denied as well.
    const meets = (pattern: string, subject: string) =>
      covers(pattern.toLowerCase(), subject.toLowerCase());
    const reaches = list.deny.some((denied) => meets(host, denied));
    if (reaches || !allows(list, host, meets)) found.add(host);
  }
  const usesHttp = capabilitiesOf(node).some((name) => name.startsWith('http'));
  if (usesHttp && node.egress === undefined && list.allow !== undefined) found.add(ANY);
  return found;
}

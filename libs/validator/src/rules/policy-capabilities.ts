// POL101: the policy states which resources flows may touch.
import { diagnostic } from '@basalt/diagnostics';
import { hintsOf } from '../hints/node-capabilities.js';
import { allows, globCovers } from '../policy/policy.js';
import type { Rule } from '../rule.js';

/** Every resource hint of a node is allowed by the policy. Only where a policy is given. */
export const policyCapabilities: Rule = {
  name: 'policy-capabilities',
  codes: ['POL101'],
  check(context) {
    const { policy } = context.options;
    if (policy === undefined) return;
    for (const indexed of context.index.nodes) {
      const hints = new Set(hintsOf(indexed.node));
      if ((indexed.node.secrets ?? []).length > 0) hints.add('resource::secrets');
      for (const capability of hints) {
        if (allows(policy.capabilities, capability, globCovers)) continue;
        const params = { node: indexed.node.alias, capability, policy: policy.file };
        context.report(diagnostic.POL101(params, context.atNode(indexed)));
      }
    }
  },
};

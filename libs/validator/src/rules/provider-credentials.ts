// DAG330: a provider that cannot be made stops the flow at its first use.
import { diagnostic } from '@basalt/diagnostics';
import { capabilitiesOf } from '../hints/node-capabilities.js';
import type { Rule } from '../rule.js';

/** The 0.1 contract, section 2, DAG330: each provider that the flow uses has its credential. */
export const providerCredentials: Rule = {
  name: 'provider-credentials',
  codes: ['DAG330'],
  check(context) {
    const { bindings } = context.options;
    if (bindings?.providers === undefined) return;
    const used = new Set(context.flow.nodes.flatMap(capabilitiesOf));
    for (const { name, capability, credential } of bindings.providers) {
      if (credential === undefined || !used.has(capability)) continue;
      if (bindings.credentials.has(credential)) continue;
      const params = { provider: name, resource: capability, credential };
      context.report(diagnostic.DAG330(params, context.at()));
    }
  },
};

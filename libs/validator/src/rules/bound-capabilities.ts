// CAP101: the first node that uses a missing capability would fail after earlier ones had their effects.
import { diagnostic } from '@basalt/diagnostics';
import { missingHints } from '../hints/node-capabilities.js';
import type { Rule } from '../rule.js';

/** The 0.1 contract, section 4, preflight: a sorted, unique list. Only where bindings are given. */
export const boundCapabilities: Rule = {
  name: 'bound-capabilities',
  codes: ['CAP101'],
  check(context) {
    const { bindings } = context.options;
    if (bindings === undefined) return;
    const missing = new Set<string>();
    for (const node of context.flow.nodes) {
      for (const hint of missingHints(node, bindings.capabilities)) missing.add(hint);
    }
    if (missing.size === 0) return;
    const hints = [...missing].sort();
    const params = { flow: context.flow.name, hints: hints.join(', ') };
    context.report(diagnostic.CAP101(params, context.at(), { details: { hints } }));
  },
};

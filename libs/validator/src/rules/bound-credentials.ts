// DAG203 and DAG331: a credential that is not bound, or not for this, fails at its first use.
import { diagnostic } from '@basalt/diagnostics';
import type { Rule } from '../rule.js';

/** The 0.1 contract, section 2, DAG203 and DAG331. Only where bindings are given. */
export const boundCredentials: Rule = {
  name: 'bound-credentials',
  codes: ['DAG203', 'DAG331'],
  check(context) {
    const { bindings } = context.options;
    if (bindings === undefined) return;
    for (const indexed of context.index.nodes) {
      const node = indexed.node.alias;
      (indexed.node.credentials ?? []).forEach((used, position) => {
        const credential = used.name;
        const granted = bindings.credentials.get(credential);
        const at = context.atNode(indexed, 'credentials', position);
        if (granted === undefined) {
          context.report(diagnostic.DAG203({ node, credential }, at));
          return;
        }
        for (const scope of new Set(used.scopes)) {
          if (granted.has(scope)) continue;
          context.report(diagnostic.DAG331({ node, scope, credential }, at));
        }
      });
    }
  },
};

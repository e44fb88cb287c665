// DAG205: edges and surfaces refer to nodes by alias, so an alias may be used once.
import { diagnostic } from '@basalt/diagnostics';
import type { Rule } from '../rule.js';

/** The 0.1 contract, section 2: DAG205, once for every node after the first. */
export const uniqueAliases: Rule = {
  name: 'unique-aliases',
  codes: ['DAG205'],
  check(context) {
    for (const node of context.index.nodes) {
      if (node.duplicateOf === undefined) continue;
      const at = context.atNode(node, 'alias');
      context.report(diagnostic.DAG205({ alias: node.node.alias }, at));
    }
  },
};

// DAG208: every node can be started by some trigger.
import { diagnostic } from '@basalt/diagnostics';
import type { Rule } from '../rule.js';

/** Every node that no trigger leads to. A flow without a trigger has DAG209 alone. */
export const reachableNodes: Rule = {
  name: 'reachable-nodes',
  codes: ['DAG208'],
  check({ index, atNode, report }) {
    if (index.triggers.length === 0) return;
    for (const indexed of index.nodes) {
      if (indexed.duplicateOf !== undefined || index.reachable.has(indexed)) continue;
      report(diagnostic.DAG208({ node: indexed.node.alias }, atNode(indexed)));
    }
  },
};

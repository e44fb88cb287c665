// DAG340: a parameter of a node does not hide one of the flow.
import { diagnostic } from '@basalt/diagnostics';
import type { Rule } from '../rule.js';

/** The 0.1 contract, section 2: DAG340. */
export const unshadowedParams: Rule = {
  name: 'unshadowed-params',
  codes: ['DAG340'],
  check({ flow, index, atNode, report }) {
    if (flow.params === undefined) return;
    for (const indexed of index.nodes) {
      for (const name of Object.keys(indexed.node.params ?? {})) {
        if (!Object.hasOwn(flow.params, name)) continue;
        const at = atNode(indexed, 'params', name);
        report(diagnostic.DAG340({ name, node: indexed.node.alias }, at));
      }
    }
  },
};

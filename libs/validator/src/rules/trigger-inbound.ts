// DAG210: a trigger starts an execution, so nothing within one leads to it.
import { diagnostic } from '@basalt/diagnostics';
import type { Rule } from '../rule.js';

/** Every edge into a trigger; no surface makes an exception. */
export const triggerInbound: Rule = {
  name: 'trigger-inbound',
  codes: ['DAG210'],
  check({ index, atEdge, report }) {
    for (const trigger of index.triggers) {
      for (const edge of trigger.incoming) {
        const params = { node: trigger.node.alias, from: edge.edge.from };
        report(diagnostic.DAG210(params, atEdge(edge, 'to')));
      }
    }
  },
};

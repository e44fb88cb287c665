// DAG101: what a trigger receives goes somewhere.
import { diagnostic } from '@basalt/diagnostics';
import type { Rule } from '../rule.js';

/** The 0.1 contract, section 2: DAG101. */
export const triggerOutput: Rule = {
  name: 'trigger-output',
  codes: ['DAG101'],
  check({ index, atNode, report }) {
    for (const trigger of index.triggers) {
      if (trigger.outgoing.length > 0) continue;
      report(diagnostic.DAG101({ node: trigger.node.alias }, atNode(trigger)));
    }
  },
};

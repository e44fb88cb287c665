// DAG104 and DAG209: a flow has one trigger, or says that it means to have several.
import { diagnostic } from '@basalt/diagnostics';
import type { Rule } from '../rule.js';

/** Triggers that a message names; the rest is counted. */
const NAMED = 8;

/** The 0.1 contract, section 2: DAG104, once a flow; DAG209 for a flow that nothing can start. */
export const triggerCount: Rule = {
  name: 'trigger-count',
  codes: ['DAG104', 'DAG209'],
  check({ flow, index, at, atNode, report }) {
    const [first, second] = index.triggers;
    if (first === undefined) {
      report(diagnostic.DAG209({ flow: flow.name }, at('nodes')));
      return;
    }
    if (second === undefined || flow.policies.lint.allow_multiple_triggers === true) return;
    const count = index.triggers.length;
    const named = index.triggers.slice(0, NAMED).map(({ node }) => node.alias);
    const nodes = [...named, ...(count > NAMED ? [`${count - NAMED} more`] : [])].join(', ');
    report(diagnostic.DAG104({ count, nodes }, atNode(second, 'kind')));
  },
};

// DAG001: a node without a name cannot be referred to, and one without a handler cannot be run.
import { diagnostic } from '@basalt/diagnostics';
import type { NodeIR } from '@basalt/ir';
import type { Rule } from '../rule.js';

/** The 0.1 contract, section 2: DAG001, for empty aliases, names and handler keys. */
export const namedNodes: Rule = {
  name: 'named-nodes',
  codes: ['DAG001'],
  check({ index, atNode, report }) {
    for (const indexed of index.nodes) {
      const { node, position } = indexed;
      const shown = node.alias || node.name || `number ${position}`;
      const missing = (what: string, key: string): void =>
        report(diagnostic.DAG001({ node: shown, missing: what }, atNode(indexed, key)));
      if (node.alias === '') missing('alias', 'alias');
      if (node.name === '') missing('name', 'name');
      if (node.identifier === '' && needsHandler(node)) missing('identifier', 'identifier');
    }
  },
};

/** A trigger without a handler hands its payload on; a subflow node runs the flow that it names. */
function needsHandler(node: NodeIR): boolean {
  return node.kind !== 'trigger' && !(node.kind === 'subflow' && node.subflow !== undefined);
}

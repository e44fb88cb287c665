// DAG003: some attributes belong to one kind of node and would be ignored on another.
import { diagnostic } from '@basalt/diagnostics';
import type { Rule } from '../rule.js';

/** Attribute -> the kind that it belongs to. */
const OWNERS = { trigger: 'trigger', subflow: 'subflow' } as const;

/** Attributes on a node of a kind that has no use for them. */
export const kindAttributes: Rule = {
  name: 'kind-attributes',
  codes: ['DAG003'],
  check({ index, atNode, report }) {
    for (const indexed of index.nodes) {
      const { node } = indexed;
      for (const attribute of ['trigger', 'subflow'] as const) {
        const kind = OWNERS[attribute];
        if (node[attribute] === undefined || node.kind === kind) continue;
        report(
          diagnostic.DAG003(
            { node: node.alias, category: 'attribute', name: `${attribute} of kind ${node.kind}` },
            atNode(indexed, attribute),
            { help: `Remove ${attribute}, or make the node one of kind ${kind}.` },
          ),
        );
      }
    }
  },
};

// RETRY011: a retry policy that its owner does not follow never retries, or does what must not happen.
import { diagnostic } from '@basalt/diagnostics';
import type { IndexedNode } from '../flow-index.js';
import type { Rule } from '../rule.js';

/**
 * The 0.1 contract, section 2, RETRY011: nobody owns retries that the policy asks for; and nobody
 * retries what is delivered at most once, for a retry is a second delivery to the handler.
 */
export const honouredRetryOwner: Rule = {
  name: 'honoured-retry-owner',
  codes: ['RETRY011'],
  check(context) {
    for (const indexed of context.index.nodes) {
      const { alias, retry } = indexed.node;
      if (retry === undefined || retry.max_attempts <= 1) continue;
      for (const problem of problems(indexed, retry.owner, retry.max_attempts)) {
        const params = { node: alias, owner: retry.owner, problem };
        context.report(diagnostic.RETRY011(params, context.atNode(indexed, 'retry')));
      }
    }
  },
};

function problems(indexed: IndexedNode, owner: string, attempts: number): readonly string[] {
  const found = owner === 'none' ? [`its policy asks for ${attempts} attempts`] : [];
  const once = indexed.incoming.find((edge) => edge.edge.delivery === 'at_most_once');
  if (once === undefined || indexed.node.effects !== 'effectful') return found;
  return [...found, `the edge from ${once.edge.from} delivers at most once`];
}

// CACHE002: a result that is equal only while its source keeps its version goes stale unnoticed.
import { diagnostic } from '@basalt/diagnostics';
import type { Rule } from '../rule.js';

/** The 0.1 contract, section 2, CACHE002: a cached stable node pins the version that its result is
 * equal for. One of a lower rank claims no such thing: its result may differ, cached or not. */
export const pinnedCache: Rule = {
  name: 'pinned-cache',
  codes: ['CACHE002'],
  check(context) {
    for (const indexed of context.index.nodes) {
      const { alias, determinism, cache } = indexed.node;
      if (determinism !== 'stable' || cache === undefined || cache.pin !== undefined) continue;
      const params = { node: alias, determinism };
      context.report(diagnostic.CACHE002(params, context.atNode(indexed, 'cache')));
    }
  },
};

// CACHE003: a result that comes from a cache comes without the effect of its node.
import { diagnostic } from '@basalt/diagnostics';
import type { Rule } from '../rule.js';

/** An effectful node has no cache, whatever its tier, key or time to live. */
export const effectFreeCache: Rule = {
  name: 'effect-free-cache',
  codes: ['CACHE003'],
  check(context) {
    for (const indexed of context.index.nodes) {
      const { alias, effects, cache } = indexed.node;
      if (effects !== 'effectful' || cache === undefined) continue;
      context.report(diagnostic.CACHE003({ node: alias }, context.atNode(indexed, 'cache')));
    }
  },
};

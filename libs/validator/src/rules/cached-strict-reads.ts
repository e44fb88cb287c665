// CACHE001: a strict node that reads repeats a read whose result cannot have changed.
import { diagnostic } from '@basalt/diagnostics';
import { lookupHint } from '../hints/hint-registry.js';
import type { Rule } from '../rule.js';

/** The 0.1 contract, section 2, CACHE001: a strict node with a reading hint has a cache. */
export const cachedStrictReads: Rule = {
  name: 'cached-strict-reads',
  codes: ['CACHE001'],
  check(context) {
    for (const indexed of context.index.nodes) {
      const { alias, determinism, cache, effectHints } = indexed.node;
      if (determinism !== 'strict' || cache !== undefined) continue;
      const hint = effectHints.find((h) => lookupHint(h)?.effects === 'read_only');
      if (hint === undefined) continue;
      context.report(diagnostic.CACHE001({ node: alias, hint }, context.atNode(indexed)));
    }
  },
};

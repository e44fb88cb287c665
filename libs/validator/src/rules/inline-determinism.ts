// WFLOW010: an inline node that a replay runs again gives the same result again.
import { diagnostic } from '@basalt/diagnostics';
import type { Rule } from '../rule.js';

/** The 0.1 contract, section 2: WFLOW010. In the profile temporal, inline nodes are strict. */
export const inlineDeterminism: Rule = {
  name: 'inline-determinism',
  codes: ['WFLOW010'],
  check({ index, profile, atNode, report }) {
    if (profile !== 'temporal') return;
    for (const indexed of index.nodes) {
      const { alias, kind, determinism } = indexed.node;
      if (kind !== 'inline' || determinism === 'strict') continue;
      const params = { node: alias, determinism, profile };
      report(diagnostic.WFLOW010(params, atNode(indexed, 'determinism')));
    }
  },
};

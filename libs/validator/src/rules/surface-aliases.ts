// CTRL131: a surface names nodes of the flow. For if and switch the missing edge says it (CTRL111,
// CTRL121), as in the 0.1 contract.
import { diagnostic } from '@basalt/diagnostics';
import type { Rule } from '../rule.js';
import { namedAliases } from '../surface-references.js';

/** The 0.1 contract, section 2: CTRL131, once for each place that names an unknown node. */
export const surfaceAliases: Rule = {
  name: 'surface-aliases',
  codes: ['CTRL131'],
  check({ index, atSurface, didYouMean, report }) {
    for (const indexed of index.surfaces) {
      if (indexed.kind === 'if' || indexed.kind === 'switch') continue;
      for (const { alias, path } of namedAliases(indexed)) {
        if (index.node(alias) !== undefined) continue;
        const params = { kind: indexed.kind, surface: indexed.surface.id, alias };
        const help = didYouMean('CTRL131', alias);
        report(diagnostic.CTRL131(params, atSurface(indexed, ...path), help));
      }
    }
  },
};

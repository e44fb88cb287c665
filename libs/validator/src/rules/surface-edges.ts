// CTRL111, CTRL121 and CTRL132: what a surface sends needs an edge to travel on.
import { diagnostic } from '@basalt/diagnostics';
import type { IndexedSurface } from '../flow-index.js';
import type { Rule, RuleContext } from '../rule.js';
import { neededEdges, type NeededEdge } from '../surface-references.js';

/** The 0.1 contract, section 2: CTRL111, CTRL121 and CTRL132, once for each missing edge. */
export const surfaceEdges: Rule = {
  name: 'surface-edges',
  codes: ['CTRL111', 'CTRL121', 'CTRL132'],
  check(context) {
    for (const surface of context.index.surfaces) {
      const reported = new Set<string>();
      for (const needed of neededEdges(surface)) {
        if (context.index.edge(needed.from, needed.to) !== undefined) continue;
        if (reported.has(needed.to) && surface.kind === 'switch') continue;
        reported.add(needed.to);
        missingEdge(context, surface, needed);
      }
    }
  },
};

function missingEdge(context: RuleContext, indexed: IndexedSurface, needed: NeededEdge): void {
  const { from, to, path } = needed;
  const at = context.atSurface(indexed, ...path);
  const surface = indexed.surface.id;
  const unknown = [from, to].find((alias) => context.index.node(alias) === undefined);
  if (indexed.kind === 'switch') {
    const help = unknown === undefined ? {} : context.didYouMean('CTRL111', unknown);
    context.report(diagnostic.CTRL111({ surface, from, to }, at, help));
  } else if (indexed.kind === 'if') {
    const help = unknown === undefined ? {} : context.didYouMean('CTRL121', unknown);
    context.report(diagnostic.CTRL121({ surface, from, to }, at, help));
  } else if (unknown === undefined) {
    context.report(diagnostic.CTRL132({ kind: indexed.kind, surface, from, to }, at));
  }
}

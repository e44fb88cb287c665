// EXACT001: exactly once is at-least-once delivery with deduplication at the receiver.
import { diagnostic } from '@basalt/diagnostics';
import { exactlyOnceEdges } from '../exactly-once-edges.js';
import { lookupHint } from '../hints/hint-registry.js';
import { hintsOf } from '../hints/node-capabilities.js';
import type { Rule } from '../rule.js';

/** The 0.1 contract, section 2, EXACT001: the target has a `resource::dedupe` hint. */
export const exactlyOnceDedupe: Rule = {
  name: 'exactly-once-dedupe',
  codes: ['EXACT001'],
  check(context) {
    for (const { edge, target } of exactlyOnceEdges(context.index)) {
      const deduplicates = hintsOf(target.node).some(
        (hint) => lookupHint(hint)?.capability === 'dedupe',
      );
      if (deduplicates) continue;
      const { from, to } = edge.edge;
      context.report(diagnostic.EXACT001({ from, to }, context.atEdge(edge, 'delivery')));
    }
  },
};

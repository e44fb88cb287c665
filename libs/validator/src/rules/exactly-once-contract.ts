// EXACT005: whoever operates the flow has to know what the sink does with a repeated key.
import { diagnostic } from '@basalt/diagnostics';
import { exactlyOnceEdges } from '../exactly-once-edges.js';
import type { IndexedNode } from '../flow-index.js';
import type { Rule } from '../rule.js';

/** The 0.1 contract, section 2, EXACT005: an effectful target says in its summary what it writes. */
export const exactlyOnceContract: Rule = {
  name: 'exactly-once-contract',
  codes: ['EXACT005'],
  check(context) {
    const told = new Set<IndexedNode>();
    for (const { edge, target } of exactlyOnceEdges(context.index)) {
      const { effects, summary } = target.node;
      if (effects !== 'effectful' || (summary ?? '').trim() !== '' || told.has(target)) continue;
      told.add(target);
      const { from, to } = edge.edge;
      const params = { from, to, missing: 'it has no summary' };
      context.report(diagnostic.EXACT005(params, context.atNode(target, 'summary')));
    }
  },
};

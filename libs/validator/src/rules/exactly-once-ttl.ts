// EXACT003: a message that is redelivered after its key was forgotten is done twice.
import { diagnostic } from '@basalt/diagnostics';
import { exactlyOnceEdges } from '../exactly-once-edges.js';
import type { Rule } from '../rule.js';

/** Shortest time that the target of an exactly-once edge remembers a key, in milliseconds. */
export const MIN_DEDUPE_TTL_MS = 300_000;

/** The 0.1 contract, section 2, EXACT003: a stated TTL of the target is at least 300,000 ms. */
export const exactlyOnceTtl: Rule = {
  name: 'exactly-once-ttl',
  codes: ['EXACT003'],
  check(context) {
    for (const { edge, target } of exactlyOnceEdges(context.index)) {
      const ttl = target.node.idempotency.ttlMs;
      if (ttl === undefined || ttl >= MIN_DEDUPE_TTL_MS) continue;
      const { from, to } = edge.edge;
      const params = { from, to, ttl, minimum: MIN_DEDUPE_TTL_MS };
      const at = context.atNode(target, 'idempotency', 'ttlMs');
      context.report(diagnostic.EXACT003(params, at));
    }
  },
};

// SCHEMA102: the first large message would be refused in production, while every small test passes.
import { diagnostic } from '@basalt/diagnostics';
import type { NodeIR } from '@basalt/ir';
import type { IndexedEdge } from '../flow-index.js';
import { maxEncodedBytes } from '../schema-compat/encoded-size.js';
import { SchemaComparer } from '../schema-compat/schema-comparer.js';
import { TRANSPORT_CAPS, type TransportCap } from '../transport-caps.js';
import type { Rule, RuleContext } from '../rule.js';

/**
 * Where an output has a bound (`max_output_bytes`, or else that of its schema), the transport of the
 * profile carries it: into and out of activities, unless the edge spills before. Where a trigger's
 * payload has a bound, the transport, or `max_payload_bytes` where it is set, lets it in. Outputs
 * without any bound are not reported.
 */
export const transportCaps: Rule = {
  name: 'transport-caps',
  codes: ['SCHEMA102'],
  check(context) {
    const { payload, activity } = TRANSPORT_CAPS[context.profile];
    const comparer = new SchemaComparer(context.flow);
    const known = new Map<string, number>();
    const bound = (ref: NodeIR['out_schema']): number => {
      const named = comparer.lookup(ref);
      if (named === undefined) return Infinity;
      const bytes = known.get(named.key) ?? maxEncodedBytes(named.schema, comparer.definitions);
      known.set(named.key, bytes);
      return bytes;
    };
    if (activity !== undefined) {
      for (const edge of context.index.edges) checkEdge(context, edge, activity, bound);
    }
    for (const { node, position } of context.index.triggers) {
      const own = node.trigger?.max_payload_bytes;
      const cap = own === undefined ? payload : { transport: 'max_payload_bytes', bytes: own };
      const bytes = bound(node.in_schema);
      if (cap === undefined || !Number.isFinite(bytes) || bytes <= cap.bytes) continue;
      const params = {
        from: 'the caller',
        to: node.alias,
        bound: bytes,
        transport: cap.transport,
        cap: cap.bytes,
      };
      context.report(diagnostic.SCHEMA102(params, context.at('nodes', position, 'in_schema')));
    }
  },
};

function checkEdge(
  context: RuleContext,
  indexed: IndexedEdge,
  cap: TransportCap,
  bound: (ref: NodeIR['out_schema']) => number,
): void {
  const [from, to] = [indexed.from?.node, indexed.to?.node];
  if (from === undefined || to === undefined) return;
  if (from.kind !== 'activity' && to.kind !== 'activity') return;
  const { buffer } = indexed.edge;
  if (buffer.spill_tier !== undefined && (buffer.spill_threshold_bytes ?? Infinity) <= cap.bytes) {
    return;
  }
  const bytes = from.max_output_bytes ?? bound(from.out_schema);
  if (!Number.isFinite(bytes) || bytes <= cap.bytes) return;
  const params = {
    from: from.alias,
    to: to.alias,
    bound: bytes,
    transport: cap.transport,
    cap: cap.bytes,
  };
  context.report(diagnostic.SCHEMA102(params, context.atEdge(indexed)));
}

// IDEM025: a key field that may be absent makes different requests look alike.
import { diagnostic } from '@basalt/diagnostics';
import { asPointer, pointerSchema } from '../schema-compat/pointer-schema.js';
import { SchemaComparer } from '../schema-compat/schema-comparer.js';
import type { Rule } from '../rule.js';

/**
 * The 0.1 contract, section 2, IDEM025: where the in-schema of a node is defined, no valid input lacks
 * a field of the key. The finding shows one that does; what is not decided is not reported.
 */
export const stableKeyFields: Rule = {
  name: 'stable-key-fields',
  codes: ['IDEM025'],
  check(context) {
    const comparer = new SchemaComparer(context.flow);
    for (const indexed of context.index.nodes) {
      const { alias, idempotency, in_schema } = indexed.node;
      const input = comparer.lookup(in_schema);
      if (input === undefined) continue;
      for (const field of new Set([idempotency.key ?? '', ...(idempotency.fields ?? [])])) {
        const schema = pointerSchema(asPointer(field), true);
        if (schema === undefined) continue;
        const answer = comparer.compare(input, { key: `p:${field}`, schema });
        if (answer.kind !== 'rejected') continue;
        const params = { field, node: alias, reason: 'it can be absent' };
        const details = { counterexample: answer.counterexample };
        const at = context.atNode(indexed, 'idempotency');
        context.report(diagnostic.IDEM025(params, at, { details }));
      }
    }
  },
};

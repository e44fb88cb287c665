// SCHEMA103: nothing can be checked against a schema that is none.
import { diagnostic } from '@basalt/diagnostics';
import { isValidSchema } from '../schema-compat/valid-schema.js';
import type { Rule } from '../rule.js';

/** Every schema in `schemas` is a JSON Schema of draft 2020-12 of at most 96 levels and 10,000 parts. */
export const validSchemas: Rule = {
  name: 'valid-schemas',
  codes: ['SCHEMA103'],
  check(context) {
    const definitions = context.flow.schemas ?? {};
    for (const [name, schema] of Object.entries(definitions)) {
      const answer = isValidSchema(schema, definitions);
      if (answer.ok) continue;
      const { path, reason } = answer;
      const where = path === '' ? reason : `${path}: ${reason}`;
      const at = context.at('schemas', name);
      const details = { path, reason };
      context.report(diagnostic.SCHEMA103({ name, reason: where }, at, { details }));
    }
  },
};

// Checks one plain JSON value against a JSON Schema that came with a document.
import type { JsonSchema } from '@basalt/ir';
import { Check, Errors } from 'typebox/schema';
import { isCheckable } from './checkable-schema.js';

/** Where a value does not match, and why. */
export interface SchemaMismatch {
  /** RFC 6901 pointer into the value. */
  readonly pointer: string;
  readonly reason: string;
}

/** Mismatches that are kept of one value. */
const MAX_MISMATCHES = 8;

/**
 * Every mismatch, at most eight. The schema is interpreted, not compiled: a document has as many
 * schemas as nodes, each used once. A schema that is not valid, or that would take too long, matches
 * everything here: the handler's host checks it again where it is used.
 */
export function schemaMismatches(schema: JsonSchema, value: unknown): readonly SchemaMismatch[] {
  if (schema === true) return [];
  if (schema === false) return [{ pointer: '', reason: 'no value is allowed' }];
  if (!isCheckable(schema, value)) return [];
  try {
    if (Check(schema, value)) return [];
    const [, errors] = Errors(schema, value);
    return errors.slice(0, MAX_MISMATCHES).map(({ instancePath, message }) => ({
      pointer: instancePath,
      reason: `it ${message}`,
    }));
  } catch {
    return [];
  }
}

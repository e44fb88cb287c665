// Is a document a JSON Schema of draft 2020-12 that can be worked with? Looks at the shape of every
// keyword, without recursion, so that no document can overflow the stack.
import type { JsonSchema } from '@basalt/ir';
import { below } from './finding.js';
import { isSchema, SchemaScope, type SchemaDefinitions } from './schema-node.js';

/** Deepest nesting of schemas. */
export const MAX_SCHEMA_DEPTH = 96;
/** Most (sub)schemas in one document. */
export const MAX_SCHEMA_NODES = 10_000;

export type SchemaValidity =
  | { readonly ok: true }
  | {
      readonly ok: false;
      /** RFC 6901 pointer into the schema. */
      readonly path: string;
      readonly reason: string;
    };

type Shape =
  | 'schema'
  | 'schemas'
  | 'schema map'
  | 'number'
  | 'positive'
  | 'count'
  | 'boolean'
  | 'text'
  | 'names'
  | 'name lists'
  | 'pattern'
  | 'type'
  | 'list';

const SHAPES: ReadonlyMap<string, Shape> = new Map<string, Shape>([
  ['type', 'type'],
  ['enum', 'list'],
  ['multipleOf', 'positive'],
  ...words('number', 'minimum maximum exclusiveMinimum exclusiveMaximum'),
  ...words('count', 'minLength maxLength minItems maxItems minProperties maxProperties'),
  ...words('count', 'minContains maxContains'),
  ['pattern', 'pattern'],
  ...words('text', 'format $ref $id $anchor $dynamicRef contentEncoding contentMediaType title'),
  ['uniqueItems', 'boolean'],
  ['required', 'names'],
  ['dependentRequired', 'name lists'],
  ...words('schema', 'items additionalProperties propertyNames contains not if then else'),
  ...words('schema', 'unevaluatedItems unevaluatedProperties contentSchema'),
  ...words('schemas', 'prefixItems allOf anyOf oneOf'),
  ...words('schema map', 'properties patternProperties dependentSchemas $defs definitions'),
]);

function words(shape: Shape, list: string): readonly (readonly [string, Shape])[] {
  return list.split(' ').map((word) => [word, shape] as const);
}

const TYPES = ['null', 'boolean', 'integer', 'number', 'string', 'array', 'object'];

/** Checks a schema; `definitions` are what its references may name. */
export function isValidSchema(
  schema: unknown,
  definitions: SchemaDefinitions = {},
): SchemaValidity {
  if (!isSchema(schema))
    return { ok: false, path: '', reason: 'a schema is an object or a boolean' };
  const pending: Visit[] = [{ schema, path: '', depth: 0 }];
  const references: Visit[] = [];
  for (let seen = 1; pending.length > 0; seen += 1) {
    const visit = pending.pop()!;
    if (visit.depth > MAX_SCHEMA_DEPTH) {
      return { ok: false, path: '', reason: `it is nested deeper than ${MAX_SCHEMA_DEPTH} levels` };
    }
    if (seen > MAX_SCHEMA_NODES) {
      return { ok: false, path: '', reason: `it has more than ${MAX_SCHEMA_NODES} schemas` };
    }
    if (typeof visit.schema === 'boolean') continue;
    for (const [name, value] of Object.entries(visit.schema)) {
      const reason = misshapen(SHAPES.get(name), value);
      if (reason !== undefined) return { ok: false, path: below(visit.path, name), reason };
      pending.push(...inner(SHAPES.get(name), value, below(visit.path, name), visit.depth + 1));
    }
    if (Object.hasOwn(visit.schema, '$ref')) references.push(visit);
  }
  return unresolved(schema, references, definitions) ?? { ok: true };
}

interface Visit {
  readonly schema: JsonSchema;
  readonly path: string;
  readonly depth: number;
}

/** References into the document itself have to lead somewhere; names may be defined elsewhere. */
function unresolved(
  schema: JsonSchema,
  references: readonly Visit[],
  definitions: SchemaDefinitions,
): SchemaValidity | undefined {
  const scope = new SchemaScope(definitions);
  const document = scope.document(schema);
  for (const visit of references) {
    const { $ref } = visit.schema as { readonly $ref: string };
    if (!$ref.startsWith('#') || /^#[^/]/.test($ref)) continue;
    if (scope.resolve(scope.child(document, visit.schema), $ref) !== undefined) continue;
    const reason = `${JSON.stringify($ref)} leads nowhere`;
    return { ok: false, path: below(visit.path, '$ref'), reason };
  }
  return undefined;
}

function inner(shape: Shape | undefined, value: unknown, path: string, depth: number): Visit[] {
  if (shape === 'schema') return [{ schema: value as JsonSchema, path, depth }];
  if (shape !== 'schemas' && shape !== 'schema map') return [];
  return Object.entries(value as object).map(([key, schema]) => ({
    schema: schema as JsonSchema,
    path: below(path, key),
    depth,
  }));
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isNames(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.every((name) => typeof name === 'string') &&
    new Set(value).size === value.length
  );
}

const TESTS: Readonly<Record<Shape, readonly [(value: unknown) => boolean, string]>> = {
  schema: [isSchema, 'a schema is an object or a boolean'],
  schemas: [
    (v) => Array.isArray(v) && v.length > 0 && v.every(isSchema),
    'a list of at least one schema is needed',
  ],
  'schema map': [
    (v) => isPlainObject(v) && Object.values(v).every(isSchema),
    'an object whose values are schemas is needed',
  ],
  number: [(v) => Number.isFinite(v), 'a number is needed'],
  positive: [(v) => Number.isFinite(v) && Number(v) > 0, 'a number above 0 is needed'],
  count: [(v) => Number.isSafeInteger(v) && Number(v) >= 0, 'a whole number from 0 is needed'],
  boolean: [(v) => typeof v === 'boolean', 'true or false is needed'],
  text: [(v) => typeof v === 'string', 'a string is needed'],
  names: [isNames, 'a list of different strings is needed'],
  'name lists': [
    (v) => isPlainObject(v) && Object.values(v).every(isNames),
    'an object whose values are lists of different strings is needed',
  ],
  pattern: [isPattern, 'it is not a regular expression of ECMA-262'],
  type: [
    (v) => {
      const types = Array.isArray(v) ? v : [v];
      return types.length > 0 && types.every((t) => TYPES.includes(t as string));
    },
    `a type is one of ${TYPES.join(', ')}`,
  ],
  list: [(v) => Array.isArray(v), 'a list is needed'],
};

function isPattern(value: unknown): boolean {
  if (typeof value !== 'string' || value.length > 10_000) return false;
  try {
    new RegExp(value, 'u');
    return true;
  } catch {
    return false;
  }
}

function misshapen(shape: Shape | undefined, value: unknown): string | undefined {
  if (shape === undefined) return undefined;
  const [test, reason] = TESTS[shape];
  return test(value) ? undefined : reason;
}

// Values for a JSON Schema, as a generator of fast-check: small ones first, hostile ones among them. What
// a keyword here does not say is left to the check of the value against the schema.
import fc, { type Arbitrary } from 'fast-check';

type Schema = boolean | { readonly [keyword: string]: unknown };

const MOST_ITEMS = 3;
const MOST_TEXT = 12;
const MOST_DEPTH = 4;
const MOST_NUMBER = 50;
const MOST_MONEY = 1_000;

/** A generator of values that most often match. @param root the document that references point into */
export function schemaArbitrary(
  schema: unknown,
  root: unknown = schema,
  depth = 0,
): Arbitrary<unknown> {
  const given = schema as Schema;
  if (typeof given === 'boolean' || given === null || typeof given !== 'object') return anything();
  if ('const' in given) return fc.constant(given['const']);
  if (Array.isArray(given['enum'])) return fc.constantFrom(...(given['enum'] as unknown[]));
  if (typeof given['$ref'] === 'string') {
    const found = depth > MOST_DEPTH ? undefined : resolved(given['$ref'], root);
    return found === undefined ? fc.constant(null) : schemaArbitrary(found, root, depth + 1);
  }
  const choices = given['anyOf'] ?? given['oneOf'];
  if (Array.isArray(choices) && choices.length > 0) {
    return fc.oneof(...choices.map((choice) => schemaArbitrary(choice, root, depth + 1)));
  }
  if (Array.isArray(given['allOf'])) {
    const parts = given['allOf'] as Record<string, unknown>[];
    return schemaArbitrary(Object.assign({}, ...parts, without(given)), root, depth + 1);
  }
  return ofType(given, root, depth);
}

function without({ allOf: _, ...rest }: { readonly [keyword: string]: unknown }): object {
  return rest;
}

function resolved(reference: string, root: unknown): unknown {
  if (!reference.startsWith('#')) return undefined;
  let at: unknown = root;
  for (const segment of reference.slice(1).split('/').slice(1)) {
    at = (at as Record<string, unknown> | undefined)?.[segment];
  }
  return at;
}

function ofType(
  schema: Exclude<Schema, boolean>,
  root: unknown,
  depth: number,
): Arbitrary<unknown> {
  const { type } = schema;
  const types = Array.isArray(type) ? (type as string[]) : [type ?? impliedType(schema)];
  const all = types.map((one) => {
    switch (one) {
      case 'object':
        return objects(schema, root, depth);
      case 'array':
        return arrays(schema, root, depth);
      case 'string':
        return texts(schema);
      case 'integer':
        return integers(schema);
      case 'number':
        return numbers(schema);
      case 'boolean':
        return fc.boolean();
      case 'null':
        return fc.constant(null);
      default:
        return anything();
    }
  });
  return all.length === 1 ? all[0]! : fc.oneof(...all);
}

function impliedType(schema: Exclude<Schema, boolean>): string | undefined {
  if ('properties' in schema) return 'object';
  return 'items' in schema ? 'array' : undefined;
}

function anything(): Arbitrary<unknown> {
  return fc.jsonValue({ maxDepth: 1 });
}

const numberOf = (given: unknown, fallback: number) =>
  typeof given === 'number' ? given : fallback;

function objects(
  { properties = {}, required = [], additionalProperties }: Exclude<Schema, boolean>,
  root: unknown,
  depth: number,
): Arbitrary<unknown> {
  const models = Object.fromEntries(
    Object.entries(properties as object).map(([name, part]) => [
      name,
      schemaArbitrary(part, root, depth + 1),
    ]),
  );
  const known = fc.record(models, {
    requiredKeys: (required as string[]).filter((name) => name in models),
    noNullPrototype: true,
  });
  if (typeof additionalProperties !== 'object' || additionalProperties === null) return known;
  const values = schemaArbitrary(additionalProperties, root, depth + 1);
  const more = fc.dictionary(texts({ minLength: 1 }), values, {
    maxKeys: MOST_ITEMS,
    noNullPrototype: true,
  });
  return fc.tuple(more, known).map(([rest, named]) => ({ ...rest, ...named }));
}

function arrays(
  schema: Exclude<Schema, boolean>,
  root: unknown,
  depth: number,
): Arbitrary<unknown> {
  const tuple = schema['prefixItems'];
  if (Array.isArray(tuple)) {
    return fc.tuple(...tuple.map((item) => schemaArbitrary(item, root, depth + 1)));
  }
  const least = numberOf(schema['minItems'], 0);
  const most = Math.min(numberOf(schema['maxItems'], Infinity), Math.max(least, MOST_ITEMS));
  const items = schemaArbitrary(schema['items'] ?? true, root, depth + 1);
  const bounds = { minLength: least, maxLength: most };
  return schema['uniqueItems'] === true
    ? fc.uniqueArray(items, { ...bounds, selector: (item) => JSON.stringify(item) })
    : fc.array(items, bounds);
}

const FORMATS: Readonly<Record<string, () => Arbitrary<string>>> = {
  uuid: () => fc.uuid(),
  email: () => fc.emailAddress(),
  uri: () => fc.webUrl(),
  url: () => fc.webUrl(),
  ipv4: () => fc.ipV4(),
  ipv6: () => fc.ipV6(),
  hostname: () => fc.domain(),
  date: () => dates().map((text) => text.slice(0, 10)),
  'date-time': () => dates(),
};

/** Readable ends of the calendar: every program can write these years. */
function dates(): Arbitrary<string> {
  const min = new Date('1970-01-01T00:00:00Z');
  const max = new Date('2099-12-31T23:59:59Z');
  return fc.date({ min, max, noInvalidDate: true }).map((date) => date.toISOString());
}

function texts(schema: Exclude<Schema, boolean>): Arbitrary<string> {
  const { pattern, format } = schema;
  if (typeof pattern === 'string') {
    return fc.stringMatching(new RegExp(pattern, 'u'));
  }
  if (typeof format === 'string' && Object.hasOwn(FORMATS, format)) return FORMATS[format]!();
  const minLength = numberOf(schema['minLength'], 0);
  const most = Math.min(numberOf(schema['maxLength'], Infinity), Math.max(minLength, MOST_TEXT));
  return fc.string({ minLength, maxLength: most });
}

function integers(schema: Exclude<Schema, boolean>): Arbitrary<number> {
  const least = Math.ceil(boundOf(schema, 'minimum', 'exclusiveMinimum', 1, -MOST_NUMBER));
  const most = Math.floor(boundOf(schema, 'maximum', 'exclusiveMaximum', -1, Infinity));
  const step = numberOf(schema['multipleOf'], 1);
  const max = Math.min(most, Math.max(least, 0) + MOST_NUMBER);
  return fc
    .integer({ min: Math.ceil(least / step), max: Math.floor(Math.max(max, least) / step) })
    .map((n) => n * step);
}

function numbers(schema: Exclude<Schema, boolean>): Arbitrary<number> {
  const least = boundOf(schema, 'minimum', 'exclusiveMinimum', 0.01, -MOST_MONEY);
  const most = boundOf(schema, 'maximum', 'exclusiveMaximum', -0.01, Infinity);
  const max = Math.min(most, Math.max(least, 0) + MOST_MONEY);
  const cents = { min: Math.ceil(least * 100), max: Math.floor(Math.max(max, least) * 100) };
  return fc.oneof(
    fc.integer(cents).map((n) => n / 100),
    fc.double({ min: least, max, noNaN: true }),
  );
}

/** A bound; `step` leads from one that is excluded to the next that is not. */
function boundOf(
  schema: Exclude<Schema, boolean>,
  included: string,
  excluded: string,
  step: number,
  fallback: number,
): number {
  if (typeof schema[excluded] === 'number') return schema[excluded] + step;
  return numberOf(schema[included], fallback);
}

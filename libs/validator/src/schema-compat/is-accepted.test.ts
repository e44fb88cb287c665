import type { JsonSchema } from '@basalt/ir';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { isAccepted } from './is-accepted.js';

const ajv = new Ajv2020({ strict: false, validateFormats: false, ownProperties: true });

/** Both directions of trust: a rejection is shown by its counterexample. */
function check(producer: JsonSchema, consumer: JsonSchema) {
  const answer = isAccepted(producer, consumer);
  if (answer.kind === 'rejected') {
    expect(ajv.validate(producer as object, answer.counterexample)).toBe(true);
    expect(ajv.validate(consumer as object, answer.counterexample)).toBe(false);
  }
  return answer;
}

const object = (properties: object, required: readonly string[] = Object.keys(properties)) => ({
  type: 'object',
  properties,
  required,
});
const str = { type: 'string' };
const num = { type: 'number' };
const int = { type: 'integer' };

describe('isAccepted proves', () => {
  const list = {
    $defs: { L: { anyOf: [{ type: 'null' }, object({ v: int, next: { $ref: '#/$defs/L' } })] } },
  };
  const wider = {
    $defs: { L: { anyOf: [{ type: 'null' }, object({ v: num, next: { $ref: '#/$defs/L' } })] } },
  };
  const cases: readonly (readonly [string, JsonSchema, JsonSchema])[] = [
    ['anything into true', true, true],
    ['nothing into anything', false, str],
    ['an integer into a number', int, num],
    ['one type into a list of types', str, { type: ['string', 'null'] }],
    ['a constant into an enum', { const: 'a' }, { enum: ['a', 'b'] }],
    ['an enum into a wider enum', { enum: [1, 2] }, { enum: [3, 2, 1] }],
    ['booleans into both', { type: 'boolean' }, { enum: [true, false] }],
    [
      'a tighter range',
      { type: 'number', minimum: 1, maximum: 2 },
      { minimum: 0, exclusiveMaximum: 3 },
    ],
    ['exclusive bounds of integers', { type: 'integer', exclusiveMinimum: 0 }, { minimum: 1 }],
    ['multiples', { type: 'integer', multipleOf: 6 }, { multipleOf: 3 }],
    ['an integer factor into integer', { type: 'number', multipleOf: 2 }, int],
    ['shorter text', { type: 'string', maxLength: 3, minLength: 1 }, { maxLength: 5 }],
    ['an equal pattern', { type: 'string', pattern: '^(a+)+$' }, { pattern: '^(a+)+$' }],
    ['an equal format', { type: 'string', format: 'uuid' }, { type: 'string', format: 'uuid' }],
    ['an object with more properties', object({ a: str, b: num }), object({ a: str })],
    [
      'a closed object',
      { ...object({ a: str }), additionalProperties: false },
      { additionalProperties: false, properties: { a: true, b: num } },
    ],
    [
      'additional values',
      { type: 'object', additionalProperties: int },
      { additionalProperties: num },
    ],
    [
      'equal pattern properties',
      { type: 'object', patternProperties: { '^x': int }, additionalProperties: false },
      { patternProperties: { '^x': num }, additionalProperties: false },
    ],
    [
      'listed names',
      { ...object({ ab: str }), additionalProperties: false },
      { propertyNames: { maxLength: 2 } },
    ],
    ['items', { type: 'array', items: int, maxItems: 3 }, { items: num, maxItems: 4 }],
    [
      'tuples',
      { type: 'array', prefixItems: [str, int], minItems: 2, items: false },
      { prefixItems: [str], items: num, maxItems: 2 },
    ],
    ['a union into a union', { anyOf: [int, str] }, { anyOf: [str, num, { type: 'null' }] }],
    [
      'a tagged union',
      { oneOf: [object({ k: { const: 'a' }, v: int }), object({ k: { const: 'b' } })] },
      { oneOf: [object({ k: { const: 'a' }, v: num }), object({ k: { const: 'b' } })] },
    ],
    ['what is not excluded', int, { not: str }],
    [
      'an intersection',
      { allOf: [{ type: 'number', minimum: 0 }, { maximum: 1 }] },
      { allOf: [{ minimum: -1 }, { maximum: 1 }] },
    ],
    ['a recursive list', { ...list, $ref: '#/$defs/L' }, { ...wider, $ref: '#/$defs/L' }],
    [
      'nullable through a reference',
      { type: ['string', 'null'] },
      { $defs: { S: str }, anyOf: [{ $ref: '#/$defs/S' }, { type: 'null' }] },
    ],
    ['a contradiction into anything', { type: 'integer', minimum: 2, maximum: 1 }, str],
    ['dependent names', object({ a: str, b: str }), { dependentRequired: { a: ['b'] } }],
    [
      'the prototype key',
      JSON.parse(
        '{"type":"object","properties":{"__proto__":{"type":"integer"}},"required":["__proto__"]}',
      ),
      JSON.parse('{"properties":{"__proto__":{"type":"number"}},"required":["__proto__"]}'),
    ],
  ];
  it.each(cases)('%s', (_, producer, consumer) => {
    expect(check(producer, consumer)).toEqual({ kind: 'accepted' });
  });
});

describe('isAccepted refutes', () => {
  const cases: readonly (readonly [string, JsonSchema, JsonSchema, string, string])[] = [
    ['another type', str, num, '', 'a string can occur where a number is taken'],
    [
      'null in a property',
      object({ total: { type: ['number', 'null'] } }),
      object({ total: num }),
      '/total',
      'null is not taken',
    ],
    [
      'an optional property',
      object({ a: str }, []),
      object({ a: str }),
      '',
      'the property "a" can be absent',
    ],
    [
      'a number where an integer is taken',
      num,
      int,
      '',
      'a number can occur where an integer is taken',
    ],
    ['a wider range', { type: 'integer', minimum: 0 }, { minimum: 5 }, '', 'it can be less than 5'],
    [
      'longer text',
      { type: 'string', maxLength: 9 },
      { maxLength: 5 },
      '',
      'it can be longer than 5 characters',
    ],
    ['another constant', { enum: ['a', 'c'] }, { enum: ['a', 'b'] }, '', '"c" is not taken'],
    [
      'an item',
      object({ rows: { type: 'array', items: object({ id: str }) } }),
      object({ rows: { type: 'array', items: object({ id: num }) } }),
      '/rows/0/id',
      'a string can occur where a number is taken',
    ],
    [
      'too many items',
      { type: 'array', items: int },
      { maxItems: 2 },
      '',
      'there can be more than 2 items',
    ],
    [
      'equal items',
      { type: 'array', items: int },
      { uniqueItems: true },
      '',
      'two items can be equal',
    ],
    [
      'an additional property',
      object({ a: str, 'x/y': str }),
      { properties: { a: true }, additionalProperties: false },
      '/x~1y',
      'nothing is taken here',
    ],
    [
      'an unmentioned property',
      object({ a: str }),
      { properties: { a: true }, additionalProperties: false },
      '/other',
      'nothing is taken here',
    ],
    [
      'one branch of a union',
      { anyOf: [int, str] },
      int,
      '',
      'a string can occur where an integer is taken',
    ],
    [
      'no alternative',
      str,
      { anyOf: [int, { type: 'null' }] },
      '',
      'it need not fit any of the alternatives that are taken',
    ],
    [
      'inside the only near alternative',
      object({ a: str }),
      { anyOf: [{ type: 'null' }, object({ a: int })] },
      '/a',
      'a string can occur where an integer is taken',
    ],
    ['a pattern', str, { pattern: '^[A-Z]{3}$' }, '', 'it need not match "^[A-Z]{3}$"'],
    [
      'text of a pattern',
      { type: 'string', pattern: '^[A-Z]{3}-[0-9]{2}$' },
      num,
      '',
      'a string can occur where a number is taken',
    ],
    [
      'text of a format',
      { type: 'string', format: 'uuid' },
      num,
      '',
      'a string can occur where a number is taken',
    ],
    [
      'more than one alternative',
      int,
      { oneOf: [num, int] },
      '',
      'it can fit more than one of the alternatives, of which exactly one may',
    ],
    [
      'what is excluded',
      { type: ['string', 'integer'] },
      { not: str },
      '',
      'it can be what must not be',
    ],
    ['anything', true, object({ a: str }), '', 'null is not taken'],
  ];
  it.each(cases)('%s', (_, producer, consumer, path, reason) => {
    const answer = check(producer, consumer);
    expect(answer).toEqual({
      kind: 'rejected',
      path,
      reason,
      counterexample: answer.kind === 'rejected' ? answer.counterexample : 'none',
    });
  });
});

describe('isAccepted leaves undecided', () => {
  const cases: readonly (readonly [string, JsonSchema, JsonSchema])[] = [
    [
      'differing patterns that samples do not tell apart',
      { type: 'string', pattern: '^(ab|cd)*$' },
      { pattern: '^[abcd]*$' },
    ],
    ['a format', str, { format: 'email' }],
    ['bytes into text of another encoding', str, { type: 'string', contentEncoding: 'base64' }],
    ['contains', { type: 'array', items: int, minItems: 1 }, { contains: int }],
    ['a reference to nothing', str, { $ref: 'Nowhere' }],
    ['a schema that is only itself', str, { $ref: '#' }],
    ['a hostile pattern', { type: 'string', minLength: 40 }, { pattern: '^(a+)+$' }],
  ];
  it.each(cases)('%s', (_, producer, consumer) => {
    expect(isAccepted(producer, consumer).kind).toBe('unproven');
  });
});

describe('isAccepted with definitions', () => {
  const definitions = {
    Order: object({ id: str, lines: { type: 'array', items: { $ref: 'Line' } } }),
    Line: object({ price: num }),
    Strict: object({ id: str, lines: { type: 'array', items: { $ref: '#/$defs/Exact' } } }),
    Exact: object({ price: int }),
  };

  it('resolves names, also as entries of $defs', () => {
    expect(isAccepted(definitions.Strict, definitions.Order, definitions)).toEqual({
      kind: 'accepted',
    });
    expect(isAccepted(definitions.Order, definitions.Strict, definitions)).toEqual({
      kind: 'rejected',
      path: '/lines/0/price',
      reason: 'a number can occur where an integer is taken',
      counterexample: { id: '', lines: [{ price: 0.5 }] },
    });
  });
});

describe('isAccepted on hostile schemas', () => {
  const nested = (levels: number, leaf: JsonSchema) => {
    let schema: JsonSchema = leaf;
    for (let i = 0; i < levels; i += 1) schema = { type: 'array', items: schema, minItems: 1 };
    return schema;
  };
  const wide = (count: number) => ({
    anyOf: Array.from({ length: count }, (_, i) => object({ [`p${i}`]: { const: i } })),
  });
  const cases: readonly (readonly [string, JsonSchema, JsonSchema])[] = [
    ['nested 10,000 levels', nested(10_000, int), nested(10_000, str)],
    ['10,000 nested allOf', allOfs(10_000), allOfs(10_000)],
    [
      'a loop of references',
      { $defs: { A: { $ref: '#/$defs/B' }, B: { $ref: '#/$defs/A' } }, $ref: '#/$defs/A' },
      { $defs: { A: { $ref: '#/$defs/B' }, B: { $ref: '#/$defs/A' } }, $ref: '#/$defs/B' },
    ],
    ['5,000 alternatives on both sides', wide(5_000), wide(5_000)],
    [
      'keywords of the wrong shape',
      { type: 7, properties: [1], required: 'x', items: [3], anyOf: {}, $ref: 4 } as JsonSchema,
      {
        type: {},
        properties: null,
        required: [1],
        enum: 'x',
        allOf: 'y',
        minimum: 'z',
        patternProperties: 3,
        dependentRequired: 3,
        pattern: '(',
      } as JsonSchema,
    ],
  ];
  function allOfs(levels: number): JsonSchema {
    let schema: JsonSchema = str;
    for (let i = 0; i < levels; i += 1) schema = { allOf: [schema] };
    return schema;
  }

  it.each(cases)('%s', (_, producer, consumer) => {
    expect(['unproven', 'rejected', 'accepted']).toContain(isAccepted(producer, consumer).kind);
  });

  it('answers the same each time', () => {
    const [a, b] = [nested(5, int), nested(5, str)];
    expect(isAccepted(a, b)).toEqual(isAccepted(a, b));
  });
});

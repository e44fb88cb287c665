import fc from 'fast-check';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { schemaArbitrary } from './schema-arbitrary.js';

const ajv = new Ajv2020({ strict: false, validateFormats: false });

const SCHEMAS: readonly (readonly [string, object])[] = [
  [
    'an object',
    { type: 'object', properties: { id: { type: 'string', minLength: 1 } }, required: ['id'] },
  ],
  [
    'optional members',
    { type: 'object', properties: { a: { type: 'null' }, b: { type: 'boolean' } } },
  ],
  ['a map', { type: 'object', additionalProperties: { type: 'integer' } }],
  ['bounds', { type: 'integer', minimum: 3, exclusiveMaximum: 5 }],
  ['far bounds', { type: 'integer', minimum: 1_000_000 }],
  ['steps', { type: 'integer', multipleOf: 7, minimum: 1, maximum: 30 }],
  ['more than nothing', { type: 'number', exclusiveMinimum: 0 }],
  ['texts of a length', { type: 'string', minLength: 20, maxLength: 21 }],
  ['a pattern', { type: 'string', pattern: '^[a-z]{2}-\\d+$' }],
  ['a list', { type: 'array', items: { type: 'string' }, minItems: 2, maxItems: 2 }],
  ['a set', { type: 'array', items: { type: 'boolean' }, uniqueItems: true }],
  ['a tuple', { type: 'array', prefixItems: [{ type: 'integer' }, { const: 'x' }] }],
  ['choices', { anyOf: [{ const: 1 }, { type: 'object', properties: {}, required: [] }] }],
  ['words', { enum: ['DE', 'FR', null] }],
  ['several types', { type: ['string', 'null'] }],
  ['parts', { allOf: [{ type: 'object', properties: { a: { const: 1 } } }, { required: ['a'] }] }],
  ['a reference', { $ref: '#/$defs/n', $defs: { n: { type: 'integer' } } }],
  [
    'a tree',
    {
      $ref: '#/$defs/t',
      $defs: {
        t: { type: 'object', properties: { of: { type: 'array', items: { $ref: '#/$defs/t' } } } },
      },
    },
  ],
];

test.each(SCHEMAS)('values match: %s', (_name, schema) => {
  const check = ajv.compile(schema);
  const values = fc.sample(schemaArbitrary(schema), { seed: 5, numRuns: 100 });
  const wrong = values.filter((value) => !check(JSON.parse(JSON.stringify(value))));
  // A tree that is cut off at its depth is the only one that may not match.
  expect(wrong.length).toBeLessThanOrEqual(_name === 'a tree' ? 50 : 0);
});

test('equal seeds give equal values', () => {
  const once = () => fc.sample(schemaArbitrary({ type: 'string' }), { seed: 3, numRuns: 5 });
  expect(once()).toEqual(once());
});

test.each([true, {}, { type: 'unheard of' }, { $ref: 'https://example.com/other' }])(
  'what says nothing gives any value: %j',
  (schema) => {
    expect(fc.sample(schemaArbitrary(schema), { seed: 1, numRuns: 3 })).toHaveLength(3);
  },
);

// Holds the proofs against Ajv on random schemas and values: a rejection comes with a value that Ajv
// judges the same, and no sampled value contradicts an acceptance.
import type { JsonSchema, Value } from '@basalt/ir';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { Evaluator } from './evaluate-schema.js';
import { isAccepted } from './is-accepted.js';
import { Sampler } from './sample-values.js';
import { SchemaScope } from './schema-node.js';
import { StepBudget } from './step-budget.js';

const names = fc.constantFrom('a', 'b', 'kind', 'constructor');
const small = fc.integer({ min: -3, max: 4 });
const count = fc.integer({ min: 0, max: 3 });
const scalar = fc.constantFrom<Value>(null, true, false, 0, 1, 2.5, '', 'a', 'abc');
const pattern = fc.constantFrom('^a', '^[a-c]+$', '^x', 'b');
const leaf: fc.Arbitrary<JsonSchema> = fc.oneof(
  { weight: 1, arbitrary: fc.boolean() },
  {
    weight: 3,
    arbitrary: fc.constantFrom<JsonSchema>(
      ...['null', 'boolean', 'integer', 'number', 'string', 'array', 'object'].map((type) => ({
        type,
      })),
    ),
  },
  {
    weight: 1,
    arbitrary: fc
      .uniqueArray(fc.constantFrom('null', 'integer', 'string', 'number', 'object'), {
        minLength: 1,
        maxLength: 3,
      })
      .map((type) => ({ type })),
  },
  { weight: 1, arbitrary: scalar.map((value) => ({ const: value })) },
  {
    weight: 1,
    arbitrary: fc
      .uniqueArray(scalar, { minLength: 1, maxLength: 4 })
      .map((list) => ({ enum: list })),
  },
  {
    weight: 3,
    arbitrary: fc.record(
      {
        type: fc.constantFrom('integer', 'number'),
        minimum: small,
        exclusiveMinimum: small,
        maximum: small,
        exclusiveMaximum: small,
        multipleOf: fc.constantFrom(1, 2, 3, 6, 0.5),
      },
      { requiredKeys: [] },
    ),
  },
  {
    weight: 2,
    arbitrary: fc.record(
      { type: fc.constant('string'), minLength: count, maxLength: count, pattern },
      { requiredKeys: [] },
    ),
  },
  { weight: 1, arbitrary: fc.constant({ $ref: '#' }) },
  { weight: 1, arbitrary: fc.constant({ $ref: '#/$defs/D' }) },
);

const { schema } = fc.letrec<{ schema: JsonSchema }>((tie) => {
  const list = fc.array(tie('schema'), { minLength: 1, maxLength: 3 });
  return {
    schema: fc.oneof(
      { maxDepth: 3, depthIdentifier: 'schema' },
      leaf,
      fc.record(
        {
          type: fc.constant('object'),
          properties: fc.dictionary(names, tie('schema'), { maxKeys: 3 }),
          required: fc.uniqueArray(names, { maxLength: 2 }),
          additionalProperties: tie('schema'),
          patternProperties: fc.dictionary(pattern, tie('schema'), { maxKeys: 1 }),
          minProperties: count,
          maxProperties: count,
          propertyNames: fc.constantFrom<JsonSchema>({ maxLength: 1 }, { pattern: '^a' }, true),
          dependentRequired: fc.constantFrom({ a: ['b'] }, {}),
        },
        { requiredKeys: ['type'] },
      ),
      fc.record(
        {
          type: fc.constant('array'),
          prefixItems: list,
          items: tie('schema'),
          minItems: count,
          maxItems: count,
          uniqueItems: fc.boolean(),
          contains: tie('schema'),
        },
        { requiredKeys: ['type'] },
      ),
      fc.record({ anyOf: list }),
      fc.record({ oneOf: list }),
      fc.record({ allOf: list }),
      fc.record({ not: tie('schema') }),
      fc.record(
        { if: tie('schema'), then: tie('schema'), else: tie('schema') },
        { requiredKeys: ['if'] },
      ),
    ),
  };
});

const root = fc
  .tuple(schema, schema)
  .map(([s, d]) =>
    typeof s === 'boolean' ? { allOf: [s], $defs: { D: d } } : { ...s, $defs: { D: d } },
  );

/** Ajv overflows its stack on a reference that leads back to itself with no value in between; then
 * its answer is undefined, and contradicts nothing. */

/** The producer, lightly changed: most random pairs have nothing to do with each other. */
const related = fc
  .tuple(root, schema, fc.nat(4))
  .map(([s, other, how]): [JsonSchema, JsonSchema] => {
    const { $defs, ...own } = s as { readonly $defs: object };
    if (how === 0) return [s, { $defs, anyOf: [own, other] }];
    if (how === 1) return [{ $defs, allOf: [own, other] }, s];
    if (how === 2) return [s, { $defs, ...own, minimum: 0 }];
    if (how === 3) return [{ ...s, required: ['a'], maximum: 3 }, s];
    return [s, { ...s }];
  });

function compiled(document: JsonSchema): ValidateFunction | undefined {
  try {
    return new Ajv2020({
      strict: false,
      validateFormats: false,
      ownProperties: true,
      meta: false,
      validateSchema: false,
    }).compile(document as object);
  } catch {
    // References that form a loop without a value between them have no meaning.
    return undefined;
  }
}

function valid(validate: ValidateFunction, value: Value): boolean | undefined {
  try {
    return validate(value);
  } catch {
    return undefined;
  }
}

function agrees([producer, consumer]: readonly [JsonSchema, JsonSchema], values: readonly Value[]) {
  const [from, to] = [compiled(producer), compiled(consumer)];
  fc.pre(from !== undefined && to !== undefined);
  const answer = isAccepted(producer, consumer);
  if (answer.kind === 'rejected') {
    expect(valid(from!, answer.counterexample)).not.toBe(false);
    expect(valid(to!, answer.counterexample)).not.toBe(true);
  }
  if (answer.kind === 'accepted') {
    const budget = new StepBudget();
    const scope = new SchemaScope({});
    const own = new Sampler(new Evaluator(scope, budget), budget).samples([
      scope.document(producer),
    ]);
    for (const value of [...values, ...own]) {
      if (valid(from!, value) === true)
        expect([value, valid(to!, value)]).not.toEqual([value, false]);
    }
  }
  return answer.kind;
}

const values = fc.array(
  fc.oneof(
    scalar,
    fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Value>,
    fc.dictionary(names, scalar, { maxKeys: 3 }) as fc.Arbitrary<Value>,
    fc.array(scalar, { maxLength: 3 }),
  ),
  { maxLength: 10 },
);

describe('isAccepted agrees with Ajv', () => {
  it('on unrelated schemas', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(fc.tuple(root, root), values, (pair, some) => {
        seen.add(agrees(pair, some));
      }),
      { numRuns: 300 },
    );
    expect([...seen].sort()).toEqual(['accepted', 'rejected', 'unproven']);
  });

  it('on related schemas', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(related, values, (pair, some) => {
        seen.add(agrees(pair, some));
      }),
      { numRuns: 300 },
    );
    expect([...seen].sort()).toEqual(['accepted', 'rejected', 'unproven']);
  });

  it('value by value, wherever the evaluator decides', () => {
    fc.assert(
      fc.property(root, values, (document, some) => {
        const validate = compiled(document);
        fc.pre(validate !== undefined);
        const scope = new SchemaScope({});
        const evaluator = new Evaluator(scope, new StepBudget());
        for (const value of some) {
          const verdict = evaluator.evaluate(scope.document(document), value);
          const judged = valid(validate!, value);
          if (verdict === 'unknown' || judged === undefined) continue;
          expect([value, verdict]).toEqual([value, judged ? 'yes' : 'no']);
        }
      }),
      { numRuns: 300 },
    );
  });
});

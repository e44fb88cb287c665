import { defineFlow, t } from './index.js';
import type { JsonSchema } from '@basalt/ir';

type Schema = Parameters<typeof t.Array>[0];

/** The schema as the document holds it. */
function written(schema: Schema): JsonSchema | undefined {
  const { ir } = defineFlow('x', { version: '1.0.0' }, (f) => {
    f.inline('node', { input: schema, run: () => null });
  });
  return ir.schemas?.['NodeInput'];
}

describe('schemas in the document', () => {
  it.each<readonly [string, Schema, JsonSchema]>([
    ['text', t.String({ minLength: 1 }), { type: 'string', minLength: 1 }],
    ['a pattern', t.String({ pattern: /^a+$/ }), { type: 'string', pattern: '^a+$' }],
    ['bytes', t.Bytes(), { type: 'string', contentEncoding: 'base64' }],
    ['a big integer', t.BigInt(), { type: 'integer' }],
    [
      'a tuple',
      t.Tuple([t.String(), t.Null()]),
      {
        type: 'array',
        minItems: 2,
        prefixItems: [{ type: 'string' }, { type: 'null' }],
        items: false,
      },
    ],
    [
      'a table',
      t.Record(t.String(), t.Number()),
      { type: 'object', patternProperties: { '^.*$': { type: 'number' } } },
    ],
    [
      'a default and an example',
      t.Integer({ default: 3, examples: [1] }),
      { type: 'integer', default: 3, examples: [1] },
    ],
    [
      'fields that are named like keywords',
      t.Object({ type: t.String(), $id: t.String(), properties: t.Object({}), items: t.Number() }),
      {
        type: 'object',
        required: ['type', '$id', 'properties', 'items'],
        properties: {
          type: { type: 'string' },
          $id: { type: 'string' },
          properties: { type: 'object', properties: {} },
          items: { type: 'number' },
        },
      },
    ],
    [
      'named parts, without their names',
      t.Array(t.Named('Part', t.String())),
      { type: 'array', items: { type: 'string' } },
    ],
    [
      'a schema that refers to itself',
      t.Object({
        tree: t.Cyclic({ Tree: t.Object({ next: t.Optional(t.Ref('Tree')) }) }, 'Tree'),
      }),
      {
        type: 'object',
        required: ['tree'],
        properties: { tree: { $ref: '#/$defs/Tree' } },
        $defs: { Tree: { type: 'object', properties: { next: { $ref: '#/$defs/Tree' } } } },
      },
    ],
  ])('%s', (_, schema, expected) => {
    expect(written(schema)).toEqual(expected);
  });

  it('refuses a field that is named like the prototype', () => {
    const fields = JSON.parse('{"__proto__": {"type": "string"}}') as Record<string, Schema>;
    expect(() => written(t.Object(fields))).toThrow(
      'DOC006: The key "__proto__" is not allowed in a flow document.',
    );
  });

  it('keeps two definitions of one name apart', () => {
    const list = (item: Schema) =>
      t.Cyclic({ L: t.Object({ item, next: t.Optional(t.Ref('L')) }) }, 'L');
    const found = written(t.Object({ a: list(t.String()), b: list(t.Number()) }));
    expect(found).toMatchObject({
      properties: { a: { $ref: '#/$defs/L' }, b: { $ref: '#/$defs/L2' } },
      $defs: {
        L: { properties: { item: { type: 'string' }, next: { $ref: '#/$defs/L' } } },
        L2: { properties: { item: { type: 'number' }, next: { $ref: '#/$defs/L2' } } },
      },
    });
  });

  it.each<readonly [string, Schema | undefined]>([
    ['nothing', undefined],
    ['Void', t.Void()],
    ['Opaque', t.Opaque<Map<string, number>>()],
    ['a named Opaque', t.Named('Handle', t.Opaque())],
  ])('%s is opaque', (_, schema) => {
    const { ir } = defineFlow('x', { version: '1.0.0' }, (f) => {
      f.inline('node', { ...(schema && { input: schema }), run: () => null });
    });
    expect([ir.nodes[0]!.in_schema, ir.schemas]).toEqual([{ kind: 'opaque' }, undefined]);
  });
});

describe('the names of schemas', () => {
  it('are given, shared by equals, or taken from the node', () => {
    const { ir } = defineFlow('names', { version: '1.0.0' }, (f) => {
      const run = () => undefined;
      f.inline('first-one', { input: t.Number(), output: t.String(), run });
      f.inline('second', { input: t.String(), output: t.Named('Count', t.Number()), run });
      f.inline('third', { input: t.String({ $id: 'Word' }), output: t.Boolean(), run });
      f.inline('fourth', { input: t.Named('FourthOutput', t.Null()), output: t.Integer(), run });
    });
    const names = ir.nodes.map(({ in_schema, out_schema }) =>
      [in_schema, out_schema].map((ref) => (ref.kind === 'named' ? ref.name : ref.kind)),
    );
    expect(names).toEqual([
      ['Count', 'Word'],
      ['Word', 'Count'],
      ['Word', 'ThirdOutput'],
      ['FourthOutput', 'FourthOutput2'],
    ]);
    expect(ir.schemas).toEqual({
      Count: { type: 'number' },
      Word: { type: 'string' },
      ThirdOutput: { type: 'boolean' },
      FourthOutput: { type: 'null' },
      FourthOutput2: { type: 'integer' },
    });
  });

  it('leave the named schema of TypeBox as it was', () => {
    const plain = t.String();
    t.Named('Text', plain);
    expect(plain).toEqual({ type: 'string' });
  });
});

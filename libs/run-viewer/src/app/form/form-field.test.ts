import type { ShownJson } from '../../viewer-protocol.js';
import { fieldOf, type FormField } from './form-field.js';

/** The field with what it holds, as far as it is not made on demand for ever. */
function outline(field: FormField): unknown {
  switch (field.kind) {
    case 'map':
      return Object.fromEntries(
        field.members.map(({ name, isRequired, field: make }) => [
          isRequired ? name : `${name}?`,
          outline(make()),
        ]),
      );
    case 'list':
      return [outline(field.item())];
    case 'choice':
      return { choice: field.options.map(({ title, field: make }) => [title, outline(make())]) };
    case 'enum':
      return field.values;
    default:
      return field.kind;
  }
}

const of = (schema: ShownJson) => outline(fieldOf(schema));

describe('fieldOf', () => {
  it('reads every simple type', () => {
    expect(of({ type: 'string' })).toBe('text');
    expect(of({ type: 'integer' })).toBe('number');
    expect(of({ type: 'number' })).toBe('number');
    expect(of({ type: 'boolean' })).toBe('boolean');
    expect(of({ type: 'null' })).toEqual([null]);
    expect(of({ enum: ['a', 1, null] })).toEqual(['a', 1, null]);
    expect(of({ const: 7 })).toEqual([7]);
    expect(of({ anyOf: [{ const: 'a' }, { const: 'b' }] })).toEqual(['a', 'b']);
  });

  it('reads nested maps and lists, and which members are required', () => {
    const schema = {
      type: 'object',
      required: ['lines'],
      properties: {
        lines: {
          type: 'array',
          items: { type: 'object', required: ['sku'], properties: { sku: { type: 'string' } } },
        },
        note: { type: 'string' },
      },
    };
    expect(of(schema)).toEqual({ lines: [{ sku: 'text' }], 'note?': 'text' });
  });

  it('names the options of a choice by title, by constant, or by type', () => {
    const schema: ShownJson = {
      oneOf: [
        { title: 'Nothing', type: 'null' },
        { type: 'object', properties: { kind: { const: 'card' } } },
        { type: 'string' },
        {},
      ],
    };
    expect(of(schema)).toEqual({
      choice: [
        ['Nothing', [null]],
        ['kind: card', { 'kind?': ['card'] }],
        ['text', 'text'],
        ['option 4', 'json'],
      ],
    });
  });

  it('follows references, also to itself', () => {
    const schema = {
      $ref: '#/$defs/tree',
      $defs: {
        tree: {
          type: 'object',
          required: ['name'],
          properties: {
            name: { type: 'string' },
            children: { type: 'array', items: { $ref: '#/$defs/tree' } },
          },
        },
      },
    };
    const tree = fieldOf(schema) as FormField & { kind: 'map' };
    const children = tree.members[1]!.field() as FormField & { kind: 'list' };
    expect(children.item()).toMatchObject({ kind: 'map', members: [{ name: 'name' }, {}] });
  });

  it('takes JSON text for what no form shows well', () => {
    const schemas: ShownJson[] = [
      true,
      false,
      null,
      {},
      [],
      'string',
      { type: ['string', 'number'] },
      { type: 'object' },
      { type: 'object', additionalProperties: { type: 'number' } },
      { type: 'array' },
      { type: 'array', items: true },
      { type: 'array', prefixItems: [{ type: 'string' }], items: { type: 'string' } },
      { allOf: [{ type: 'string' }] },
      { type: 'string', not: { const: 'x' } },
      { $ref: 'https://example.org/schema' },
      { $ref: '#/$defs/missing' },
      { $ref: '#/$defs/a', $defs: { a: { $ref: '#/$defs/a' } } },
      { $ref: 7 },
      { type: 'unheard-of' },
    ];
    expect(schemas.map((schema) => of(schema))).toEqual(schemas.map(() => 'json'));
  });
});

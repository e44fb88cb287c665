import type { FlowIR, JsonSchema } from '@basalt/ir';
import { hostedFlow } from '../testing/hosted-flows.js';
import { ComponentSchemas } from './component-schemas.js';

const flowWith = (name: string, schemas: Record<string, JsonSchema>): FlowIR =>
  hostedFlow({ name, more: { schemas } }).bundle.ir;
const named = (name: string) => ({ kind: 'named', name }) as const;

describe('ComponentSchemas', () => {
  it('gives each schema of each flow a name of its own', () => {
    const schemas = new ComponentSchemas();
    const refs = [
      schemas.refTo(flowWith('a', { Order: { type: 'string' } }), named('Order')),
      schemas.refTo(flowWith('b', { Order: { type: 'number' } }), named('Order')),
      schemas.refTo(flowWith('a b', { 'X/Y': true }), named('X/Y')),
      schemas.refTo(flowWith('a_b', { 'X Y': false }), named('X Y')),
    ];
    const names = ['a.Order', 'b.Order', 'a_b.X_Y', 'a_b.X_Y_2'];
    expect(refs).toEqual(names.map((name) => ({ $ref: `#/components/schemas/${name}` })));
    expect(schemas.all()).toEqual({
      'a.Order': { type: 'string' },
      'b.Order': { type: 'number' },
      'a_b.X_Y': true,
      'a_b.X_Y_2': false,
    });
  });

  it('moves references, and leaves data alone', () => {
    const schemas = new ComponentSchemas();
    const flow = flowWith('f', {
      Tree: {
        $id: 'https://example.com/tree',
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        $defs: { leaf: { type: 'string' } },
        properties: {
          self: { $ref: '#' },
          leaf: { $ref: '#/$defs/leaf' },
          other: { $ref: 'Other' },
          part: { $ref: 'Other#/properties/a' },
          byId: { $ref: 'https://example.com/tree' },
          unknown: { $ref: 'https://example.com/absent' },
          literal: { const: { $ref: '#' }, default: { $ref: '#' }, enum: [{ $ref: '#' }] },
        },
      },
      Other: { properties: { a: { type: 'null' } } },
    });
    schemas.refTo(flow, named('Tree'));
    const at = '#/components/schemas/';
    expect(schemas.all()).toEqual({
      'f.Tree': {
        $defs: { leaf: { type: 'string' } },
        properties: {
          self: { $ref: `${at}f.Tree` },
          leaf: { $ref: `${at}f.Tree/$defs/leaf` },
          other: { $ref: `${at}f.Other` },
          part: { $ref: `${at}f.Other/properties/a` },
          byId: { $ref: `${at}f.Tree` },
          unknown: { $ref: 'https://example.com/absent' },
          literal: { const: { $ref: '#' }, default: { $ref: '#' }, enum: [{ $ref: '#' }] },
        },
      },
      'f.Other': { properties: { a: { type: 'null' } } },
    });
  });

  it('takes what is not known as anything', () => {
    const schemas = new ComponentSchemas();
    const flow = flowWith('f', {});
    expect([
      schemas.refTo(flow, { kind: 'opaque' }),
      schemas.refTo(flow, named('Absent')),
      schemas.refTo(flow, named('__proto__')),
    ]).toEqual([true, true, true]);
  });
});

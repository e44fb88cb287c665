import type { JsonSchema } from '@basalt/ir';
import { maxEncodedBytes } from './encoded-size.js';

describe('maxEncodedBytes', () => {
  it.each<[JsonSchema, number]>([
    [{ type: 'null' }, 1],
    [{ type: 'boolean' }, 1],
    [{ type: 'integer', minimum: 0, maximum: 23 }, 1],
    [{ type: 'integer', minimum: -300, maximum: 23 }, 3],
    [{ type: 'integer', minimum: 0 }, Infinity],
    [{ type: 'number', minimum: 0, maximum: 1 }, 9],
    [{ type: 'string', maxLength: 5 }, 21],
    [{ type: 'string' }, Infinity],
    [{ const: 'abc' }, 4],
    [{ enum: [1, 'abcd', null, [1, 2, 300], { a: 'b' }] }, 6],
    [{ type: 'array', items: { type: 'boolean' }, maxItems: 100 }, 102],
    [{ type: 'array', prefixItems: [{ type: 'null' }], items: false }, 2],
    [{ type: 'array', items: { type: 'boolean' } }, Infinity],
    [
      {
        type: 'object',
        properties: { id: { type: 'string', maxLength: 2 }, ok: { type: 'boolean' } },
        additionalProperties: false,
      },
      1 + 3 + 9 + 3 + 1,
    ],
    [{ type: 'object', properties: { ok: { type: 'boolean' } } }, Infinity],
    [{ anyOf: [{ type: 'null' }, { type: 'string', maxLength: 1 }] }, 5],
    [{ allOf: [{ type: 'string' }, { type: 'string', maxLength: 1 }] }, 5],
    [{ $defs: { S: { type: 'string', maxLength: 1 } }, $ref: '#/$defs/S' }, 5],
    [{ type: 'array', items: { $ref: '#' }, maxItems: 2 }, Infinity],
    [true, Infinity],
    [false, 0],
  ])('of %j', (schema, bytes) => {
    expect(maxEncodedBytes(schema)).toBe(bytes);
  });

  it('resolves names, and ends on hostile schemas', () => {
    expect(maxEncodedBytes({ $ref: 'Flag' }, { Flag: { type: 'boolean' } })).toBe(1);
    expect(maxEncodedBytes({ $ref: 'Nowhere' })).toBe(Infinity);
    let deep: JsonSchema = { type: 'boolean' };
    for (let i = 0; i < 100_000; i += 1) deep = { type: 'array', maxItems: 1, items: deep };
    expect(maxEncodedBytes(deep)).toBe(Infinity);
    const wide = { anyOf: Array.from({ length: 100_000 }, (_, i) => ({ const: i })) };
    expect(maxEncodedBytes(wide)).toBe(Infinity);
  });
});

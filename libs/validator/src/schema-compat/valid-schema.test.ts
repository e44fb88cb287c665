import { Ajv2020 } from 'ajv/dist/2020.js';
import { isValidSchema } from './valid-schema.js';

const ajv = new Ajv2020({ strict: false, validateFormats: false });

describe('isValidSchema', () => {
  it.each([
    [true],
    [{}],
    [{ type: ['string', 'null'], 'x-note': 7 }],
    [{ properties: { a: { $ref: '#/$defs/A' } }, $defs: { A: { enum: [] } } }],
    [{ $ref: 'Order' }],
  ])('takes %j', (schema) => {
    expect(isValidSchema(schema)).toEqual({ ok: true });
  });

  it.each([
    [
      { type: 'strnig' },
      '/type',
      'a type is one of null, boolean, integer, number, string, array, object',
    ],
    [{ properties: { 'a/b': { minimum: '1' } } }, '/properties/a~1b/minimum', 'a number is needed'],
    [{ anyOf: [] }, '/anyOf', 'a list of at least one schema is needed'],
    [{ allOf: [{}, 3] }, '/allOf', 'a list of at least one schema is needed'],
    [{ required: ['a', 'a'] }, '/required', 'a list of different strings is needed'],
    [{ pattern: '(' }, '/pattern', 'it is not a regular expression of ECMA-262'],
    [{ maxLength: -1 }, '/maxLength', 'a whole number from 0 is needed'],
    [{ multipleOf: 0 }, '/multipleOf', 'a number above 0 is needed'],
    [{ properties: [1] }, '/properties', 'an object whose values are schemas is needed'],
    [{ items: [{}] }, '/items', 'a schema is an object or a boolean'],
  ])('refuses %j as Ajv does', (schema, path, reason) => {
    expect(isValidSchema(schema)).toEqual({ ok: false, path, reason });
    expect(() => ajv.compile(schema)).toThrow();
  });

  it('refuses a reference into itself that leads nowhere', () => {
    const reason = '"#/$defs/B" leads nowhere';
    expect(isValidSchema({ $ref: '#/$defs/B' })).toEqual({ ok: false, path: '/$ref', reason });
    expect(isValidSchema({ $ref: '#/$defs/B' }, { B: true })).toEqual({ ok: true });
  });

  it('refuses what is no schema, too deep or too large', () => {
    const notSchema = { ok: false, path: '', reason: 'a schema is an object or a boolean' };
    for (const value of [null, 3, 'x', []]) expect(isValidSchema(value)).toEqual(notSchema);
    let deep: object = {};
    for (let i = 0; i < 100_000; i += 1) deep = { items: deep };
    expect(isValidSchema(deep)).toEqual({
      ok: false,
      path: '',
      reason: 'it is nested deeper than 96 levels',
    });
    const wide = { anyOf: Array.from({ length: 20_000 }, () => ({})) };
    expect(isValidSchema(wide)).toEqual({
      ok: false,
      path: '',
      reason: 'it has more than 10000 schemas',
    });
    const cyclic: { items?: object } = {};
    cyclic.items = cyclic;
    expect(isValidSchema(cyclic)).toEqual({
      ok: false,
      path: '',
      reason: 'it is nested deeper than 96 levels',
    });
  });
});

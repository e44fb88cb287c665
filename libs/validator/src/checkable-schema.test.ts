import { isCheckable } from './checkable-schema.js';

/** Each level refers to the next one twice: 2^40 objects when expanded. */
const doubling = {
  $ref: '#/$defs/l0',
  $defs: Object.fromEntries(
    Array.from({ length: 40 }, (_, i) => {
      const next = { $ref: `#/$defs/l${i + 1}` };
      return [`l${i}`, i === 39 ? {} : { allOf: [next, next] }];
    }),
  ),
};

describe('isCheckable', () => {
  test.each([
    [true],
    [{ type: 'object', properties: { pattern: { type: 'string' }, $ref: {} } }],
    [{ $ref: '#/$defs/a~1b', $defs: { 'a/b': { type: 'integer' } } }],
    [{ pattern: '^[A-Z]{2}-\\d+$' }],
    [{ patternProperties: { '^x-': true } }],
  ])('%j', (schema) => expect(isCheckable(schema, { a: 'short' })).toBe(true));

  test.each([
    [{ $ref: '#' }],
    [{ $ref: '#/nowhere' }],
    [{ $ref: '#/constructor' }],
    [{ $ref: 'https://example.com/schema' }],
    [{ properties: { a: { $ref: '#anchor' } } }],
    [{ $dynamicRef: '#x' }],
    [doubling],
    [{ pattern: '^(a+)+$' }],
    [{ pattern: '(a|a)*b' }],
    [{ pattern: '.*.*.*.*x' }],
    [{ patternProperties: { '(x+)+': true } }],
  ])('refuses %#', (schema) => expect(isCheckable(schema, { a: 'short' })).toBe(false));

  it('refuses patterns for long texts', () => {
    const long = { a: ['x'.repeat(257)] };
    expect(isCheckable({ pattern: 'x' }, long)).toBe(false);
    expect(isCheckable({ type: 'string' }, long)).toBe(true);
  });
});

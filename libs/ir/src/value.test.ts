import fc from 'fast-check';
import { anyValue } from '../test/any-value.js';
import { valueFromJson, valueToJson } from './value-json.js';
import { checkValue, valuesEqual, type Value } from './value.js';

describe('checkValue', () => {
  test('every value passes', () => {
    fc.assert(fc.property(anyValue(), (value) => expect(checkValue(value)).toBeUndefined()));
    expect(checkValue(Object.create(null))).toBeUndefined();
    expect(checkValue(Buffer.from('x'))).toBeUndefined();
    expect(checkValue({ [Symbol('ignored')]: () => 1, kept: 1 })).toBeUndefined();
    const shared = [1];
    expect(checkValue([shared, shared])).toBeUndefined();
  });

  class Money {
    readonly amount = 1;
  }
  const cycle: unknown[] = [];
  cycle.push({ back: cycle });
  const nest = (depth: number): unknown => (depth === 0 ? 0 : { a: nest(depth - 1) });
  test.each<[string, unknown, string, string]>([
    ['undefined', undefined, '', 'it is undefined'],
    ['undefined member', { a: undefined }, '/a', 'it is undefined'],
    ['hole', [1, , 2], '/1', 'it is undefined'],
    ['function', { a: { 'b/c': () => 1 } }, '/a/b~1c', 'it is a function'],
    ['symbol', [[Symbol.iterator]], '/0/0', 'it is a symbol'],
    ['class instance', { m: new Money() }, '/m', 'it is an instance of Money'],
    ['Date', new Date(0), '', 'it is an instance of Date'],
    ['Set', [new Set()], '/0', 'it is an instance of Set'],
    ['promise', [Promise.resolve(1)], '/0', 'it is an instance of Promise'],
    [
      'getter',
      {
        get a() {
          return 1;
        },
      },
      '/a',
      'it is computed by a getter',
    ],
    ['setter', { set a(_: number) {} }, '/a', 'it is computed by a getter'],
    ['cycle', cycle, '/0/back', 'it contains itself'],
    ['lone surrogate', { a: 'x\ud83d' }, '/a', 'it is text with half of a surrogate pair'],
    ['depth', nest(257), '/a'.repeat(256), 'it is nested more than 256 levels deep'],
  ])('%s', (_name, candidate, path, reason) => {
    expect(checkValue(candidate)).toEqual({ path, reason });
  });

  test('anything is judged without throwing', () => {
    const anything = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withTypedArray: true,
    });
    fc.assert(
      fc.property(anything, (candidate) => {
        const fault = checkValue(candidate);
        expect(fault === undefined || fault.reason.length > 0).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

describe('valuesEqual', () => {
  test.each<[Value, Value, boolean]>([
    [NaN, NaN, true],
    [0, -0, false],
    [5n, 5, true],
    [2n ** 53n, 2 ** 53, false],
    [{ a: 1, b: 2 }, { b: 2, a: 1 }, true],
    [{ a: 1 }, { a: 1, b: 2 }, false],
    [{ a: null }, { b: null }, false],
    [[], {}, false],
    [[1], [1, 2], false],
    [null, {}, false],
    [new Uint8Array([1]), new Uint8Array([1]), true],
    [new Uint8Array([1]), new Uint8Array([2]), false],
    [new Uint8Array([1]), [1], false],
    [{ toString: 1 }, {}, false],
    [{}, { toString: 1 }, false],
    ['1', 1, false],
  ])('%p and %p: %p', (a, b, equal) => {
    expect(valuesEqual(a, b)).toBe(equal);
    expect(valuesEqual(b, a)).toBe(equal);
  });
});

describe('the JSON form', () => {
  test.each<[Value, unknown]>([
    [new Uint8Array([0, 255]), { $bytes: 'AP8=' }],
    [2n ** 70n, { $int: '1180591620717411303424' }],
    [7n, 7],
    [-0, { $float: '-0' }],
    [NaN, { $float: 'NaN' }],
    [
      { $bytes: 'x', $$: 1 },
      { $$bytes: 'x', $$$: 1 },
    ],
  ])('%p', (value, json) => {
    expect(valueToJson(value)).toEqual(json);
    expect(valuesEqual(valueFromJson(json), value)).toBe(true);
  });

  test('is lossless through text', () => {
    fc.assert(
      fc.property(anyValue(), (value) => {
        const back = valueFromJson(JSON.parse(JSON.stringify(valueToJson(value))));
        expect(valuesEqual(back, value)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test.each<[unknown, string]>([
    [{ a: { $bytes: 'no base64!' } }, 'DOC040: The JSON at "/a" is not a value: it is not base64.'],
    [{ $int: '01' }, 'DOC040: The JSON at "" is not a value: it is not an integer.'],
    [{ $int: 5 }, 'DOC040: The JSON at "" is not a value: $int takes text.'],
    [
      { $float: '1.5' },
      'DOC040: The JSON at "" is not a value: it is none of NaN, Infinity, -Infinity and -0.',
    ],
    [
      [{ $ref: '#' }],
      'DOC040: The JSON at "/0" is not a value: $ref is none of $bytes, $int and $float.',
    ],
    [
      { $bytes: '', a: 1 },
      'DOC040: The JSON at "" is not a value: the key "$bytes" needs a second "$".',
    ],
    [{ a: undefined }, 'DOC040: The JSON at "/a" is not a value: it is undefined.'],
    [[new Date(0)], 'DOC040: The JSON at "/0" is not a value: it is no plain object.'],
  ])('%j is refused', (json, message) => {
    expect(() => valueFromJson(json)).toThrow(expect.objectContaining({ message }));
  });
});

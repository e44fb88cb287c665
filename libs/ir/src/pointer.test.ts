import fc from 'fast-check';
import {
  compilePointer,
  compileSelector,
  formatPointer,
  isPointer,
  parsePointer,
} from './pointer.js';
import type { Value } from './value.js';

// The example document of RFC 6901 section 5.
const rfc = {
  foo: ['bar', 'baz'],
  '': 0,
  'a/b': 1,
  'c%d': 2,
  'e^f': 3,
  'g|h': 4,
  'i\\j': 5,
  'k"l': 6,
  ' ': 7,
  'm~n': 8,
};

describe('compilePointer', () => {
  test.each<[string, Value]>([
    ['', rfc],
    ['/foo', ['bar', 'baz']],
    ['/foo/0', 'bar'],
    ['/', 0],
    ['/a~1b', 1],
    ['/c%d', 2],
    ['/e^f', 3],
    ['/g|h', 4],
    ['/i\\j', 5],
    ['/k"l', 6],
    ['/ ', 7],
    ['/m~0n', 8],
  ])('RFC 6901: %s', (pointer, expected) => {
    expect(compilePointer(pointer)(rfc)).toEqual(expected);
  });

  test.each<[string, Value]>([
    ['/missing', {}],
    ['/foo/2', rfc],
    ['/foo/-', rfc],
    ['/foo/00', rfc],
    ['/foo/length', rfc],
    ['/a/b/c/d', { a: { b: 1 } }],
    ['/0', 'text'],
    ['/length', 'text'],
    ['/0', new Uint8Array([1])],
    ['/x', null],
    ['/toString', {}],
    ['/__proto__', {}],
    ['/constructor/prototype', {}],
  ])('%s leads nowhere in %j', (pointer, value) => {
    expect(compilePointer(pointer)(value)).toBeUndefined();
  });

  test('three and more segments', () => {
    expect(compilePointer('/a/b/1/c')({ a: { b: [0, { c: null }] } })).toBeNull();
  });

  test('an own __proto__ key is an ordinary key', () => {
    expect(compilePointer('/__proto__')(JSON.parse('{"__proto__": 5}') as Value)).toBe(5);
  });
});

describe('compileSelector', () => {
  test('a field name is taken literally', () => {
    expect(compileSelector('a~2/b')({ 'a~2/b': 1 })).toBe(1);
    expect(compileSelector('/a')({ a: 2, '/a': 3 })).toBe(2);
    expect(compileSelector('')({ '': 1 })).toEqual({ '': 1 });
  });
});

describe('parsePointer and formatPointer', () => {
  test.each([
    ['a', 'The text "a" is not a pointer: it does not start with "/".'],
    ['/a~2', 'The text "/a~2" is not a pointer: "~" is not followed by 0 or 1.'],
    ['/~', 'The text "/~" is not a pointer: "~" is not followed by 0 or 1.'],
  ])('%s is refused', (text, message) => {
    expect(isPointer(text)).toBe(false);
    expect(() => parsePointer(text)).toThrow(
      expect.objectContaining({
        diagnostics: [expect.objectContaining({ code: 'DOC020', message })],
      }),
    );
  });

  test('numbers are indices', () => {
    expect(formatPointer(['nodes', 3, 'a/b~'])).toBe('/nodes/3/a~1b~0');
  });

  test('any tokens survive', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' })), (tokens) => {
        expect(parsePointer(formatPointer(tokens))).toEqual(tokens);
        expect(isPointer(formatPointer(tokens))).toBe(true);
      }),
    );
  });
});

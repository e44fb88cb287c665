import { readFileSync } from 'node:fs';
import { DiagnosticError } from '@basalt/diagnostics';
import * as cborg from 'cborg';
import { bigIntDecoder, bigIntEncoder, bigNegIntDecoder } from 'cborg/taglib';
import fc from 'fast-check';
import { canonicalKeys, encodeCanonical } from './canonical-cbor.js';
import { decodeCanonical } from './canonical-decode.js';
import { anyValue } from '../test/any-value.js';
import { valueFromJson } from './value-json.js';
import { valuesEqual, type Value } from './value.js';

const vectors = JSON.parse(
  readFileSync(new URL('../../../schemas/vectors/canonical-cbor.json', import.meta.url), 'utf8'),
) as {
  accepted: { hex: string; value: unknown; note: string }[];
  rejected: { hex: string; code: string; offset: number; note: string }[];
};

const bytesOf = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'));
const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

/** Code and offset of the refusal of some bytes. */
function refusal(bytes: Uint8Array): [string, number] {
  try {
    decodeCanonical(bytes);
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    return [error.diagnostic.code, Number(/at byte (\d+)/.exec(error.message)![1])];
  }
  return ['accepted', -1];
}

describe('published vectors', () => {
  test.each(vectors.accepted)('$hex ($note)', ({ hex, value }) => {
    const expected = valueFromJson(value);
    expect(hexOf(encodeCanonical(expected))).toBe(hex);
    expect(decodeCanonical(bytesOf(hex))).toEqual(expected);
  });
  test.each(vectors.rejected)('$hex is refused ($note)', ({ hex, code, offset }) => {
    expect(refusal(bytesOf(hex))).toEqual([code, offset]);
  });
});

describe('encodeCanonical', () => {
  test.each<[string, unknown, string]>([
    ['undefined', undefined, 'The part at "" is not a value: it is undefined.'],
    ['a function', { a: [() => 1] }, 'The part at "/a/0" is not a value: it is a function.'],
    ['a symbol', [Symbol('s')], 'The part at "/0" is not a value: it is a symbol.'],
    ['a date', { a: new Date(0) }, 'The part at "/a" is not a value: it is an instance of Date.'],
    ['a map', new Map(), 'The part at "" is not a value: it is an instance of Map.'],
    [
      'a typed array',
      new Float64Array(1),
      'The part at "" is not a value: it is an instance of Float64Array.',
    ],
    [
      'a lone surrogate',
      ['x', '\udc00'],
      'The part at "/1" is not a value: it is text with half of a surrogate pair.',
    ],
    [
      'a long lone surrogate',
      'x'.repeat(99) + '\ud800',
      'The part at "" is not a value: it is text with half of a surrogate pair.',
    ],
    [
      'a bad key',
      { '\ud800': 1 },
      'The part at "/\\ud800" is not a value: its key has half of a surrogate pair.',
    ],
  ])('%s is refused', (_name, value, message) => {
    expect(() => encodeCanonical(value as Value)).toThrow(
      expect.objectContaining({ message: `DOC034: ${message}` }),
    );
    // The writer that is used again is not left in a bad state.
    expect(hexOf(encodeCanonical([1]))).toBe('8101');
  });

  test('a cycle is refused', () => {
    const value: Record<string, Value> = {};
    value['self'] = [value];
    expect(() => encodeCanonical(value)).toThrow(
      'DOC034: The part at "/self/0" is not a value: it contains itself.',
    );
  });

  test('depth 256 is the limit', () => {
    const nest = (depth: number): Value => (depth === 0 ? [] : [nest(depth - 1)]);
    expect(decodeCanonical(encodeCanonical(nest(255)))).toEqual(nest(255));
    expect(() => encodeCanonical(nest(256))).toThrow('it is nested more than 256 levels deep');
  });

  test('bigints and numbers of one integer have one encoding', () => {
    for (const n of [0, -1, 23, 24, -9007199254740991, 9007199254740991]) {
      expect(encodeCanonical(BigInt(n))).toEqual(encodeCanonical(n));
    }
  });

  test('large texts, bytes and lists', () => {
    const value = {
      text: '\u00e4'.repeat(100_000),
      bytes: new Uint8Array(2_000_000).fill(7),
      list: Array(70_000).fill(1.5),
    };
    expect(valuesEqual(decodeCanonical(encodeCanonical(value)), value)).toBe(true);
  });

  test('the result shares no memory with later encodings, nor bytes with their input', () => {
    const first = encodeCanonical('first');
    encodeCanonical('other');
    expect(hexOf(first)).toBe('656669727374');
    const input = Buffer.from('4101', 'hex');
    const decoded = decodeCanonical(input) as Uint8Array;
    input[1] = 9;
    expect(decoded).toEqual(new Uint8Array([1]));
  });
});

describe('properties', () => {
  test('round trip', () => {
    fc.assert(
      fc.property(anyValue(), (value) => {
        const bytes = encodeCanonical(value);
        const decoded = decodeCanonical(bytes);
        expect(valuesEqual(decoded, value)).toBe(true);
        expect(encodeCanonical(decoded)).toEqual(bytes);
      }),
      { numRuns: 500 },
    );
  });

  test('the order of keys does not matter', () => {
    const keys = fc.uniqueArray(fc.string({ unit: 'grapheme', maxLength: 6 }), { maxLength: 12 });
    fc.assert(
      fc.property(keys, fc.infiniteStream(fc.nat()), (names, order) => {
        const shuffled = names
          .map((name) => [order.next().value as number, name] as const)
          .sort((a, b) => a[0] - b[0])
          .map(([, name]) => name);
        const build = (list: string[]) => Object.fromEntries(list.map((name) => [name, name]));
        expect(encodeCanonical(build(shuffled))).toEqual(encodeCanonical(build(names)));
        const encoder = new TextEncoder();
        const bytewise = [...names].sort((a, b) => {
          const [x, y] = [encoder.encode(a), encoder.encode(b)];
          return x.length - y.length || Buffer.compare(x, y);
        });
        expect(canonicalKeys(build(names))).toEqual(bytewise);
      }),
      { numRuns: 500 },
    );
  });

  test('values differ where their encodings differ', () => {
    fc.assert(
      fc.property(anyValue(), anyValue(), (a, b) => {
        const same = Buffer.compare(encodeCanonical(a), encodeCanonical(b)) === 0;
        expect(valuesEqual(a, b)).toBe(same);
      }),
      { numRuns: 500 },
    );
  });

  test('random bytes are decoded to what encodes to them, or refused with a code', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const [code] = refusal(bytes);
        if (code === 'accepted') expect(encodeCanonical(decodeCanonical(bytes))).toEqual(bytes);
        else expect(code).toMatch(/^DOC03[0-3]$/);
      }),
      { numRuns: 2000 },
    );
  });

  test('a damaged encoding is refused, or is the encoding of another value', () => {
    fc.assert(
      fc.property(anyValue(), fc.nat(), fc.nat(255), fc.boolean(), (value, at, byte, cut) => {
        const bytes = encodeCanonical(value);
        const damaged = cut ? bytes.slice(0, at % bytes.length) : bytes.slice();
        if (!cut) damaged[at % bytes.length] = byte;
        const [code] = refusal(damaged);
        if (code === 'accepted') expect(encodeCanonical(decodeCanonical(damaged))).toEqual(damaged);
        else expect(code).toMatch(/^DOC03[0-3]$/);
        if (cut) expect(code).not.toBe('accepted');
      }),
      { numRuns: 2000 },
    );
  });

  test('another encoder agrees wherever it has the same rules', () => {
    fc.assert(
      fc.property(anyValue({ common: true }), (value) => {
        const decoded = cborg.decode(encodeCanonical(value), {
          tags: { 2: bigIntDecoder, 3: bigNegIntDecoder },
        }) as Value;
        expect(valuesEqual(decoded, value)).toBe(true);
        const options = { ...cborg.rfc8949EncodeOptions, typeEncoders: { bigint: bigIntEncoder } };
        expect(cborg.encode(decoded, options)).toEqual(encodeCanonical(value));
      }),
      { numRuns: 500 },
    );
  });
});

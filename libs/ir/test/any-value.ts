// Random values of the value model, with the numbers and texts at which encodings change.
import fc from 'fast-check';
import type { Value } from '../src/value.js';

interface AnyValueOptions {
  /** Only what every CBOR library agrees on: no -0, no key `__proto__`. */
  readonly common?: boolean;
}

/** An arbitrary value, nested at most four deep. */
export function anyValue(options: AnyValueOptions = {}): fc.Arbitrary<Value> {
  const edge = fc.constantFrom(
    ...[0, 23, 24, 255, 256, 65535, 65536, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1, 2 ** 53, 1.5, 5e-324],
    ...[2 ** -24, 2 ** -25, 65504, 65505.5, NaN, Infinity],
  );
  const number = fc
    .oneof(
      fc.integer(),
      fc.maxSafeInteger(),
      fc.double(),
      fc.float(),
      edge,
      edge.map((n) => -n),
    )
    .map((n) => (options.common === true && n === 0 ? 0 : n));
  const scalar: fc.Arbitrary<Value> = fc.oneof(
    fc.constantFrom<Value>(null, true, false),
    number,
    fc.bigInt({ min: -(1n << 80n), max: 1n << 80n }),
    fc.bigInt({ min: -(1n << 65n), max: 1n << 65n }),
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: 'binary' }),
    fc.uint8Array(),
  );
  const key = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom('$x', '$$', options.common === true ? 'k' : '__proto__', ''),
  );
  return fc.letrec<{ value: Value }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      scalar,
      fc.array(tie('value'), { maxLength: 5 }),
      fc
        .array(fc.tuple(key, tie('value')), { maxLength: 5 })
        .map((entries) => Object.fromEntries(entries) as Value),
    ),
  })).value;
}

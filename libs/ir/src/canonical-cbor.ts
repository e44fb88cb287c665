// The canonical encoding of values: deterministic CBOR, RFC 8949 section 4.2.1, restricted to the
// value model so that every value has exactly one encoding.
//
// - Integers take the shortest head; beyond 64 bits they are bignums (tags 2 and 3).
// - A JavaScript number that is whole and below 2^53 in magnitude is encoded as an integer, never as
//   a float: 1.0 and 1 are one value. -0 is the float f9 8000, NaN is f9 7e00, and every other number
//   is the shortest of float16, float32 and float64 that keeps it.
// - Map keys are text, in bytewise order of their encodings: shorter keys first, then by bytes.
// - Lengths are definite. Text is well-formed Unicode and is not normalised.
//
// Own code, because general encoders leave choices open (whole floats, big integers, -0) and cost
// several times as much on the small values that travel on edges; the tests compare it with cborg.
import { diagnostic, DiagnosticError } from '@basalt/diagnostics';
import { CborWriter } from './cbor-writer.js';
import { checkValue, MAX_VALUE_DEPTH, type Value } from './value.js';

/** The one encoding of a value. Throws DOC034 with the path of the first part that is not a value. */
export function encodeCanonical(value: Value): Uint8Array {
  const writer = CborWriter.take();
  try {
    if (writeValue(writer, value, 0)) return writer.bytes();
  } finally {
    writer.release();
  }
  const { path, reason } = checkValue(value) ?? { path: '', reason: 'it cannot be encoded' };
  throw new DiagnosticError([diagnostic.DOC034({ path: JSON.stringify(path), reason })]);
}

/** Appends a value; false when a part of it is not a value. */
function writeValue(writer: CborWriter, value: Value, depth: number): boolean {
  switch (typeof value) {
    case 'string':
      return writer.text(value);
    case 'number':
      writer.number(value);
      return true;
    case 'boolean':
      writer.byte(value ? 0xf5 : 0xf4);
      return true;
    case 'bigint':
      writer.bigint(value);
      return true;
    case 'object':
      if (value === null) {
        writer.byte(0xf6);
        return true;
      }
      return writeContainer(writer, value, depth);
    default:
      return false;
  }
}

function writeContainer(
  writer: CborWriter,
  value: Exclude<Value & object, null>,
  depth: number,
): boolean {
  if (value instanceof Uint8Array) {
    writer.byteString(value);
    return true;
  }
  if (depth >= MAX_VALUE_DEPTH) return false;
  if (Array.isArray(value)) {
    writer.head(4, value.length);
    for (let i = 0; i < value.length; i++) {
      if (!writeValue(writer, value[i] as Value, depth + 1)) return false;
    }
    return true;
  }
  // Only what looks unlike a literal is checked in full: class instances, Map, Date.
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null && checkValue(value)) return false;
  const map = value as { readonly [key: string]: Value };
  const keys = canonicalKeys(map);
  writer.head(5, keys.length);
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i]!;
    if (!writer.text(key) || !writeValue(writer, map[key]!, depth + 1)) return false;
  }
  return true;
}

/** The keys of a map in canonical order: by length in UTF-8, then by bytes. */
export function canonicalKeys(map: object): string[] {
  const keys = Object.keys(map);
  for (let i = 1; i < keys.length; i++) {
    if (compareKeys(keys[i - 1]!, keys[i]!) > 0) return keys.sort(compareKeys);
  }
  return keys;
}

function compareKeys(a: string, b: string): number {
  const difference = utf8Length(a) - utf8Length(b);
  if (difference !== 0) return difference;
  const shorter = Math.min(a.length, b.length);
  for (let i = 0; i < shorter; i++) {
    const [x, y] = [a.charCodeAt(i), b.charCodeAt(i)];
    if (x !== y) return utf8Rank(x) - utf8Rank(y);
  }
  return a.length - b.length;
}

/** UTF-16 units in the order of the UTF-8 bytes: surrogates stand for code points above U+FFFF. */
function utf8Rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit >= 0xe000 ? unit - 0x800 : unit + 0x2000;
}

function utf8Length(text: string): number {
  let length = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0x80) length += unit < 0x800 || (unit >= 0xd800 && unit < 0xe000) ? 1 : 2;
  }
  return length;
}

// The strict reader of canonical CBOR: it accepts exactly the bytes that `encodeCanonical` writes and
// refuses everything else with the byte offset of the item at fault. No declared length is trusted
// before that many bytes are there.
import { diagnostic, DiagnosticError } from '@basalt/diagnostics';
import { fromHalfBits, toHalfBits } from './float-bits.js';
import { MAX_VALUE_DEPTH, type Value } from './value.js';

/** The value of canonical bytes. Integers of 2^53 and beyond come out as bigint. Throws DOC030 (not
 * canonical), DOC031 (malformed or cut off), DOC032 (not in the value model), DOC033 (too deep). */
export function decodeCanonical(bytes: Uint8Array): Value {
  const reader = new CanonicalReader(bytes);
  const value = reader.value(0);
  if (reader.at < bytes.length) {
    throw malformed(reader.at, `${bytes.length - reader.at} bytes follow the value`);
  }
  return value;
}

const TWO_32 = 0x1_0000_0000;
const strictText = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
/** Up to this many bytes a loop beats the call into TextDecoder. */
const SHORT_TEXT = 32;

class CanonicalReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  at = 0;

  constructor(bytes: Uint8Array) {
    // A Buffer's slice would share memory with the input, and values are immutable.
    this.#bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  value(depth: number): Value {
    const start = this.at;
    this.#need(1, start);
    const initial = this.#bytes[this.at++]!;
    const info = initial & 0x1f;
    switch (initial >> 5) {
      case 0:
        return this.#argument(info, start);
      case 1:
        return this.#negative(info, start);
      case 2:
        return this.#take(this.#length(info, start), start).slice();
      case 3:
        return this.#text(this.#length(info, start), start);
      case 4:
        return this.#list(info, start, depth);
      case 5:
        return this.#map(info, start, depth);
      case 6:
        return this.#bignum(this.#argument(info, start), start);
      default:
        return this.#simple(initial, start);
    }
  }

  /** The argument of a head; refuses one that is longer than it needs to be. */
  #argument(info: number, start: number): number | bigint {
    if (info < 24) return info;
    if (info === 31) throw notCanonical(start, 'its length is indefinite');
    if (info > 27) throw malformed(start, 'its head is reserved');
    const size = 1 << (info - 24);
    this.#need(size, start);
    const at = this.at;
    this.at += size;
    switch (size) {
      case 1:
        return atLeast(24, this.#bytes[at]!, start);
      case 2:
        return atLeast(0x100, this.#view.getUint16(at), start);
      case 4:
        return atLeast(0x1_0000, this.#view.getUint32(at), start);
      default: {
        const high = this.#view.getUint32(at);
        if (high < 0x20_0000)
          return atLeast(TWO_32, high * TWO_32 + this.#view.getUint32(at + 4), start);
        return this.#view.getBigUint64(at);
      }
    }
  }

  #negative(info: number, start: number): Value {
    const argument = this.#argument(info, start);
    // -2^53 needs a bigint although its argument is a safe integer.
    if (typeof argument === 'bigint' || argument === Number.MAX_SAFE_INTEGER) {
      return -1n - BigInt(argument);
    }
    return -1 - argument;
  }

  #length(info: number, start: number): number {
    const length = this.#argument(info, start);
    if (typeof length === 'bigint')
      throw malformed(start, 'it is longer than the bytes that follow');
    return length;
  }

  #take(length: number, start: number): Uint8Array {
    this.#need(length, start);
    this.at += length;
    return this.#bytes.subarray(this.at - length, this.at);
  }

  #text(length: number, start: number): string {
    const bytes = this.#take(length, start);
    if (length <= SHORT_TEXT) {
      let text = '';
      let i = 0;
      for (; i < length && bytes[i]! < 0x80; i++) text += String.fromCharCode(bytes[i]!);
      if (i === length) return text;
    }
    try {
      return strictText.decode(bytes);
    } catch {
      throw malformed(start, 'its text is not UTF-8');
    }
  }

  #list(info: number, start: number, depth: number): Value {
    const count = this.#length(info, start);
    this.#enter(count, start, depth);
    const list: Value[] = [];
    for (let i = 0; i < count; i++) list.push(this.value(depth + 1));
    return list;
  }

  #map(info: number, start: number, depth: number): Value {
    const count = this.#length(info, start);
    this.#enter(count * 2, start, depth);
    const map: Record<string, Value> = {};
    let [previous, previousEnd] = [-1, -1];
    for (let i = 0; i < count; i++) {
      const keyStart = this.at;
      const key = this.#key();
      if (previous >= 0) {
        const order = this.#compare(previous, previousEnd, keyStart, this.at);
        if (order === 0) throw notCanonical(keyStart, 'its key occurs twice in the map');
        if (order > 0) throw notCanonical(keyStart, 'its key is out of order');
      }
      [previous, previousEnd] = [keyStart, this.at];
      const value = this.value(depth + 1);
      if (key === '__proto__') setOwn(map, key, value);
      else map[key] = value;
    }
    return map;
  }

  #key(): string {
    const start = this.at;
    this.#need(1, start);
    const initial = this.#bytes[this.at++]!;
    if (initial >> 5 !== 3) throw unsupported(start, 'a map key is not text');
    return this.#text(this.#length(initial & 0x1f, start), start);
  }

  #bignum(tag: number | bigint, start: number): Value {
    if (tag !== 2 && tag !== 3) throw unsupported(start, `tag ${tag} is not in the value model`);
    this.#need(1, start);
    const initial = this.#bytes[this.at++]!;
    if (initial >> 5 !== 2) throw malformed(start, 'a big integer is not made of bytes');
    const bytes = this.#take(this.#length(initial & 0x1f, this.at - 1), start);
    if (bytes.length <= 8) throw notCanonical(start, 'the integer fits into 64 bits');
    if (bytes[0] === 0) throw notCanonical(start, 'the integer has leading zeros');
    let hex = '0x';
    for (const byte of bytes) hex += byte.toString(16).padStart(2, '0');
    return tag === 2 ? BigInt(hex) : -1n - BigInt(hex);
  }

  #simple(initial: number, start: number): Value {
    switch (initial) {
      case 0xf4:
        return false;
      case 0xf5:
        return true;
      case 0xf6:
        return null;
      case 0xf9:
        this.#need(2, start);
        this.at += 2;
        return canonicalHalf(this.#view.getUint16(start + 1), start);
      case 0xfa:
        this.#need(4, start);
        this.at += 4;
        return canonicalFloat(this.#view.getFloat32(start + 1), 4, start);
      case 0xfb:
        this.#need(8, start);
        this.at += 8;
        return canonicalFloat(this.#view.getFloat64(start + 1), 8, start);
      case 0xff:
        throw malformed(start, 'a break stands outside of any item');
      default:
        throw unsupported(start, 'the simple value is not null, false or true');
    }
  }

  /** Bounds nesting, and refuses counts that the remaining bytes cannot hold. */
  #enter(items: number, start: number, depth: number): void {
    if (depth >= MAX_VALUE_DEPTH) {
      throw new DiagnosticError([diagnostic.DOC033({ offset: start, limit: MAX_VALUE_DEPTH })]);
    }
    this.#need(items, start);
  }

  #need(bytes: number, start: number): void {
    if (bytes > this.#bytes.length - this.at) throw malformed(start, 'the bytes end inside it');
  }

  #compare(a: number, aEnd: number, b: number, bEnd: number): number {
    for (; a < aEnd && b < bEnd; a++, b++) {
      const difference = this.#bytes[a]! - this.#bytes[b]!;
      if (difference !== 0) return difference;
    }
    return aEnd - a - (bEnd - b);
  }
}

function setOwn(map: object, key: string, value: Value): void {
  Object.defineProperty(map, key, { value, enumerable: true, writable: true, configurable: true });
}

function atLeast(least: number, argument: number, start: number): number {
  if (argument < least) throw notCanonical(start, 'its head is longer than it needs to be');
  return argument;
}

function canonicalHalf(bits: number, start: number): number {
  const value = fromHalfBits(bits);
  if (Number.isNaN(value)) {
    if (bits !== 0x7e00) throw notCanonical(start, 'NaN has the one encoding f9 7e00');
    return value;
  }
  return refuseWhole(value, start);
}

function canonicalFloat(value: number, size: 4 | 8, start: number): number {
  if (Number.isNaN(value)) throw notCanonical(start, 'NaN has the one encoding f9 7e00');
  const single = Math.fround(value) === value;
  if (single && (size === 8 || toHalfBits(value) >= 0)) {
    throw notCanonical(start, 'a shorter float keeps the number');
  }
  return refuseWhole(value, start);
}

function refuseWhole(value: number, start: number): number {
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) {
    throw notCanonical(start, 'a whole number below 2^53 is encoded as an integer');
  }
  return value;
}

function notCanonical(offset: number, problem: string): DiagnosticError {
  return new DiagnosticError([diagnostic.DOC030({ offset, problem })]);
}

function malformed(offset: number, problem: string): DiagnosticError {
  return new DiagnosticError([diagnostic.DOC031({ offset, problem })]);
}

function unsupported(offset: number, problem: string): DiagnosticError {
  return new DiagnosticError([diagnostic.DOC032({ offset, problem })]);
}

// Writes CBOR heads, integers, floats and strings into a buffer that grows and is used again.
import { toHalfBits } from './float-bits.js';
import { isWellFormed } from './well-formed.js';

const encoder = new TextEncoder();
const START_BYTES = 4096;
/** A larger buffer is not kept for the next encoding, in bytes. */
const KEPT_BYTES = 1 << 20;
/** Below this length a loop beats the call into TextEncoder, in UTF-16 units. */
const SHORT_TEXT = 48;
const TWO_32 = 0x1_0000_0000;

export class CborWriter {
  static #spare: CborWriter | undefined;
  #buffer = new Uint8Array(START_BYTES);
  #view = new DataView(this.#buffer.buffer);
  #at = 0;

  /** An empty writer; give it back with `release`. */
  static take(): CborWriter {
    const writer = CborWriter.#spare ?? new CborWriter();
    CborWriter.#spare = undefined;
    writer.#at = 0;
    return writer;
  }

  release(): void {
    if (this.#buffer.length <= KEPT_BYTES) CborWriter.#spare = this;
  }

  /** A copy of what was written. */
  bytes(): Uint8Array {
    return this.#buffer.slice(0, this.#at);
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#buffer[this.#at++] = value;
  }

  /** The shortest head of a major type with an argument up to 2^53 - 1. */
  head(major: number, argument: number): void {
    this.#reserve(9);
    const [buffer, type] = [this.#buffer, major << 5];
    if (argument < 24) {
      buffer[this.#at++] = type | argument;
    } else if (argument < 0x100) {
      buffer[this.#at++] = type | 24;
      buffer[this.#at++] = argument;
    } else if (argument < 0x1_0000) {
      buffer[this.#at++] = type | 25;
      this.#view.setUint16(this.#at, argument);
      this.#at += 2;
    } else if (argument < TWO_32) {
      buffer[this.#at++] = type | 26;
      this.#view.setUint32(this.#at, argument);
      this.#at += 4;
    } else {
      buffer[this.#at++] = type | 27;
      this.#view.setUint32(this.#at, Math.floor(argument / TWO_32));
      this.#view.setUint32(this.#at + 4, argument % TWO_32);
      this.#at += 8;
    }
  }

  number(value: number): void {
    if (Number.isSafeInteger(value) && !Object.is(value, -0)) {
      if (value >= 0) this.head(0, value);
      else this.head(1, -1 - value);
    } else {
      this.#float(value);
    }
  }

  bigint(value: bigint): void {
    const number = Number(value);
    if (Number.isSafeInteger(number)) {
      this.number(number);
      return;
    }
    const negative = value < 0n;
    const argument = negative ? -1n - value : value;
    if (argument < 1n << 64n) {
      this.#reserve(9);
      this.#buffer[this.#at] = negative ? 0x3b : 0x1b;
      this.#view.setBigUint64(this.#at + 1, argument);
      this.#at += 9;
      return;
    }
    this.byte(negative ? 0xc3 : 0xc2);
    const digits = argument.toString(16);
    const hex = digits.length % 2 === 0 ? digits : `0${digits}`;
    this.byteString(
      Uint8Array.from({ length: hex.length / 2 }, (_, i) =>
        parseInt(hex.slice(2 * i, 2 * i + 2), 16),
      ),
    );
  }

  byteString(bytes: Uint8Array): void {
    this.head(2, bytes.length);
    this.#reserve(bytes.length);
    this.#buffer.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  /** False for text with a lone surrogate. */
  text(text: string): boolean {
    if (text.length < SHORT_TEXT && this.#shortAscii(text)) return true;
    if (!isWellFormed(text)) return false;
    // UTF-8 takes at most three bytes a unit; the head is written when the length is known.
    this.#reserve(text.length * 3 + 9);
    const from = this.#at;
    const most = text.length * 3;
    const room = most < 24 ? 1 : most < 0x100 ? 2 : most < 0x1_0000 ? 3 : most < TWO_32 ? 5 : 9;
    const { written } = encoder.encodeInto(text, this.#buffer.subarray(from + room));
    this.head(3, written);
    if (this.#at !== from + room) {
      this.#buffer.copyWithin(this.#at, from + room, from + room + written);
    }
    this.#at += written;
    return true;
  }

  #shortAscii(text: string): boolean {
    const from = this.#at;
    this.head(3, text.length);
    this.#reserve(text.length);
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      if (unit >= 0x80) {
        this.#at = from;
        return false;
      }
      this.#buffer[this.#at++] = unit;
    }
    return true;
  }

  #float(value: number): void {
    this.#reserve(9);
    const half = Number.isNaN(value)
      ? 0x7e00
      : Math.fround(value) === value
        ? toHalfBits(value)
        : -1;
    if (half >= 0) {
      this.#buffer[this.#at] = 0xf9;
      this.#view.setUint16(this.#at + 1, half);
      this.#at += 3;
    } else if (Math.fround(value) === value) {
      this.#buffer[this.#at] = 0xfa;
      this.#view.setFloat32(this.#at + 1, value);
      this.#at += 5;
    } else {
      this.#buffer[this.#at] = 0xfb;
      this.#view.setFloat64(this.#at + 1, value);
      this.#at += 9;
    }
  }

  #reserve(bytes: number): void {
    const needed = this.#at + bytes;
    if (needed <= this.#buffer.length) return;
    const grown = new Uint8Array(Math.max(needed, this.#buffer.length * 2));
    grown.set(this.#buffer.subarray(0, this.#at));
    this.#buffer = grown;
    this.#view = new DataView(grown.buffer);
  }
}

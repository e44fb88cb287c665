// Every random source is 32-bit words; this turns words into what nodes ask for, in one fixed way, so
// that equal words give equal values on every platform.
import type { Rng } from '../capability-set.js';

const TWO_32 = 2 ** 32;
const TWO_53 = 2 ** 53;

/** An Rng over a source of uniform 32-bit words. */
export function rngFromWords(word: () => number): Rng {
  /** A uniform integer in [0, 2^53): the high 27 bits of one word, the high 26 of the next. */
  const wide = () => (word() >>> 5) * 2 ** 26 + (word() >>> 6);

  const bytes = (length: number): Uint8Array => {
    if (!Number.isSafeInteger(length) || length < 0) {
      throw new RangeError(`bytes takes a whole number of at least 0, not ${String(length)}`);
    }
    const out = new Uint8Array(length);
    for (let at = 0; at < length; at += 4) {
      let left = word();
      for (let i = at; i < at + 4 && i < length; i += 1) {
        out[i] = left & 0xff;
        left >>>= 8;
      }
    }
    return out;
  };

  return {
    next: () => wide() / TWO_53,
    int: (bound) => {
      if (!Number.isSafeInteger(bound) || bound < 1) {
        throw new RangeError(`int takes a bound from 1 to 2^53 - 1, not ${String(bound)}`);
      }
      const range = bound <= TWO_32 ? TWO_32 : TWO_53;
      const draw = bound <= TWO_32 ? word : wide;
      // Draws in the last, incomplete block would favour small results: they are drawn again.
      const fair = range - (range % bound);
      let drawn = draw();
      while (drawn >= fair) drawn = draw();
      return drawn % bound;
    },
    bytes,
    uuid: () => uuidV4(bytes(16)),
  };
}

/** RFC 9562 section 5.4: version 4 and variant 10 over 122 random bits. */
function uuidV4(random: Uint8Array): string {
  random[6] = (random[6]! & 0x0f) | 0x40;
  random[8] = (random[8]! & 0x3f) | 0x80;
  const hex = Buffer.from(random.buffer, random.byteOffset, 16).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

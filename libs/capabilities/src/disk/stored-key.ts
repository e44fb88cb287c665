// How text keys become LMDB keys. Short, well-formed text is stored as it is, so that stores can be
// looked into; longer text, and text with lone surrogates (which UTF-8 cannot hold), is stored as its
// hash. The first byte tells the two apart, so they never collide.
import { blake3 } from '@noble/hashes/blake3.js';

/** Longest key, in UTF-8 bytes, that is stored as text; LMDB itself takes 1978. */
const LONGEST_TEXT = 1024;
const TEXT = 0;
const HASH = 1;
const LONE_SURROGATE = /\p{Surrogate}/u;

/** BLAKE3-256 over the UTF-16LE code units: defined for every text. */
export function keyHash(key: string): Uint8Array {
  return blake3(Buffer.from(key, 'utf16le'));
}

/** The LMDB key of a text; equal texts give equal keys, different ones different keys. */
export function storedKey(key: string): Buffer {
  if (key.length <= LONGEST_TEXT && !LONE_SURROGATE.test(key)) {
    const text = Buffer.from(key, 'utf8');
    if (text.length <= LONGEST_TEXT) return Buffer.concat([Buffer.of(TEXT), text]);
  }
  return Buffer.concat([Buffer.of(HASH), keyHash(key)]);
}

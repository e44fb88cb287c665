// The fingerprint of a handler: what a resumed execution compares to know that the code has changed.
import { blake3 } from '@noble/hashes/blake3.js';

const encoder = new TextEncoder();

/** BLAKE3-256 of the source text of a function, in lower-case hex. */
export function codeHash(handler: (...args: never[]) => unknown): string {
  const digest = blake3(encoder.encode(Function.prototype.toString.call(handler)));
  return Buffer.from(digest).toString('hex');
}

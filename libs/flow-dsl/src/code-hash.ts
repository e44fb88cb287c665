// The fingerprint of a handler: what a resumed execution compares to know that the code has changed.
import { hashBytes } from '@basalt/ir';

const encoder = new TextEncoder();

/** BLAKE3-256 of the source text of a function, in lower-case hex. */
export function codeHash(handler: (...args: never[]) => unknown): string {
  return hashBytes(encoder.encode(Function.prototype.toString.call(handler)));
}

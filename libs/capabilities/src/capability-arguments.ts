// The one reading of what nodes pass to providers, so that memory and disk refuse the same values in
// the same words.
import { DiagnosticError, diagnostic, printable } from '@basalt/diagnostics';

/** Largest value that the memory and LMDB providers take unless configured otherwise: 64 MiB. */
export const MAX_VALUE_BYTES = 64 * 2 ** 20;

function refuse(call: string, what: string): never {
  throw new DiagnosticError([diagnostic.CAP103({ call, what })]);
}

/** What a value is, for a message: its type, and the text of a short primitive. */
function shown(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === 'string') return `the text ${JSON.stringify(printable(value.slice(0, 40)))}`;
  if (typeof value === 'number') return String(value);
  return Array.isArray(value) ? 'an array' : `a value of type ${typeof value}`;
}

/** Any text is a key, the empty one too; anything else is CAP103. */
export function checkKey(call: string, key: unknown, role = 'key'): void {
  if (typeof key !== 'string') refuse(call, `${shown(key)} as ${role}: a ${role} is a text`);
}

/** A value is a Uint8Array of at most `limit` bytes; else CAP103 or CAP104. */
export function checkValue(call: string, provider: string, value: unknown, limit: number): void {
  if (!(value instanceof Uint8Array)) refuse(call, `${shown(value)} as value: pass a Uint8Array`);
  if (value.byteLength > limit) {
    throw new DiagnosticError([
      diagnostic.CAP104({ call, provider, bytes: value.byteLength, limit }),
    ]);
  }
}

/** When something that lives `ttlMs` from `now` ends; `Infinity` without a time to live. */
export function expiryAt(call: string, now: number, ttlMs: number | undefined): number {
  if (ttlMs === undefined) return Infinity;
  if (typeof ttlMs !== 'number' || !(ttlMs > 0)) {
    refuse(call, `${shown(ttlMs)} as time to live: it is a number of milliseconds above 0`);
  }
  return now + ttlMs;
}

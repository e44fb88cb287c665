// The names that a store takes: run ids, event ids, keys of the delivery ledger.
import { DiagnosticError, diagnostic } from '@basalt/diagnostics';

const MAX_BYTES = 1024;

/** @throws JRNL006 where a name is empty, longer than 1024 bytes of UTF-8, or no well-formed text. */
export function checkName(what: string, name: string): void {
  const reason = fault(name);
  if (reason === undefined) return;
  throw new DiagnosticError([diagnostic.JRNL006({ what, reason })]);
}

function fault(name: unknown): string | undefined {
  if (typeof name !== 'string') return 'it is no text';
  if (name === '') return 'it is empty';
  if (name.length > MAX_BYTES || Buffer.byteLength(name) > MAX_BYTES) {
    return `it is longer than ${MAX_BYTES} bytes`;
  }
  return /\p{Surrogate}/u.test(name) ? 'it is no well-formed text' : undefined;
}

// The idempotency key of a request, and what it stands for.
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { diagnostic, DiagnosticError } from '@basalt/diagnostics';
import { hashValue, type Value } from '@basalt/ir';

const MAX_KEY_LENGTH = 256;

/** The key of a request: `Idempotency-Key` or `X-Idempotency-Key`; undefined where there is none.
 * @throws DiagnosticError HTTP131 for a key that is empty, too long, or not visible ASCII. */
export function idempotencyKeyIn(headers: IncomingHttpHeaders): string | undefined {
  const key = headers['idempotency-key'] ?? headers['x-idempotency-key'];
  if (key === undefined) return undefined;
  const refuse = (problem: string) => new DiagnosticError([diagnostic.HTTP131({ problem })]);
  if (typeof key !== 'string') throw refuse('it is given twice');
  if (key === '') throw refuse('it is empty');
  if (key.length > MAX_KEY_LENGTH) throw refuse(`it is longer than ${MAX_KEY_LENGTH} characters`);
  if (!/^[\x21-\x7e]+$/.test(key)) throw refuse('it has characters that are not visible ASCII');
  return key;
}

/** Equal for requests that a key may stand for. */
export function fingerprintOf({ method, url }: IncomingMessage, payload: Value): string {
  return hashValue([method ?? '', url ?? '', payload]);
}

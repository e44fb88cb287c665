// Tells requests that carry nothing but a JSON body from all others. Only headers that no check of the
// host looks at may stand beside it: whoever sends anything else is looked at closely.
import type { IncomingMessage } from 'node:http';

/** Headers that are for the flow, for nobody, or looked at here. None of them is a credential, comes from
 * a browser's page, names a key or asks for another protocol. */
const HARMLESS: ReadonlySet<string> = new Set([
  'accept',
  'accept-encoding',
  'accept-language',
  'cache-control',
  'connection',
  'content-length',
  'content-type',
  'host',
  'keep-alive',
  'pragma',
  'priority',
  'sec-fetch-mode',
  'traceparent',
  'tracestate',
  'user-agent',
  'x-event-id',
  'x-request-id',
]);
const JSON_TYPES: readonly string[] = [
  'application/json',
  'application/json; charset=utf-8',
  'application/json;charset=utf-8',
];

/** What a plain request says of itself. */
export interface PlainRequest {
  readonly host: string;
  /** Bytes of the body, at least 1. */
  readonly length: number;
}

/** Undefined where the request is not plain. */
export function plainRequest({ headers, rawHeaders }: IncomingMessage): PlainRequest | undefined {
  let names = 0;
  for (const name in headers) {
    if (!HARMLESS.has(name)) return undefined;
    names += 1;
  }
  // Otherwise some header was given twice.
  if (names * 2 !== rawHeaders.length) return undefined;
  const { host, accept, 'content-type': type, 'content-length': length } = headers;
  if (host === undefined || type === undefined || length === undefined) return undefined;
  if (!JSON_TYPES.includes(type)) return undefined;
  if (accept !== undefined && accept !== '*/*' && /cbor/i.test(accept)) return undefined;
  const bytes = Number(length);
  const isLength = Number.isSafeInteger(bytes) && String(bytes) === length;
  return isLength && bytes > 0 ? { host, length: bytes } : undefined;
}

// Tells requests that carry nothing but a JSON body from all others. Only headers that no check of the
// host looks at may stand beside it: whoever sends anything else is looked at closely.
import type { IncomingMessage } from 'node:http';

/** Headers that are for the flow, or for nobody. None of them is a credential, comes from a browser's
 * page, names a key or asks for another protocol. */
const HARMLESS: ReadonlySet<string> = new Set([
  'accept-encoding',
  'accept-language',
  'cache-control',
  'connection',
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
const JSON_TYPES: ReadonlySet<string> = new Set([
  'application/json',
  'application/json; charset=utf-8',
  'application/json;charset=utf-8',
]);
const WHOLE_NUMBER = /^\d{1,10}$/;

/** What a plain request says of itself. */
export interface PlainRequest {
  readonly host: string;
  /** Bytes of the body, at least 1. */
  readonly length: number;
}

/** Undefined where the request is not plain. */
export function plainRequest({ rawHeaders }: IncomingMessage): PlainRequest | undefined {
  let host: string | undefined;
  let type: string | undefined;
  let length: string | undefined;
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const value = rawHeaders[i + 1]!;
    const name = rawHeaders[i]!.toLowerCase();
    switch (name) {
      case 'host':
        if (host !== undefined) return undefined;
        host = value;
        break;
      case 'content-type':
        if (type !== undefined) return undefined;
        type = value;
        break;
      case 'content-length':
        if (length !== undefined) return undefined;
        length = value;
        break;
      case 'accept':
        if (/cbor/i.test(value)) return undefined;
        break;
      default:
        if (!HARMLESS.has(name)) return undefined;
    }
  }
  if (host === undefined || type === undefined || length === undefined) return undefined;
  if (!JSON_TYPES.has(type) || !WHOLE_NUMBER.test(length)) return undefined;
  const bytes = Number(length);
  return bytes === 0 ? undefined : { host, length: bytes };
}

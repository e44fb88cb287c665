// The answer of a flow: a value as JSON or CBOR, or an envelope {"$http": {status, headers, body}}
// by which the flow sets the status, the headers and a body of any type.
import { diagnostic, DiagnosticError } from '@basalt/diagnostics';
import { encodeCanonical, valueToJson, type Value } from '@basalt/ir';
import type { BytesPlace } from './bytes/bytes-place.js';
import { showBytes } from './bytes/bytes-text.js';
import { JSON_TYPE, plainAnswer, type Answer } from './answer.js';

export type ValueMap = { readonly [key: string]: Value };

/** Headers that belong to the connection, to the framing of the body, or to the host. */
const HOST_HEADERS: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'date',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'x-basalt-run-id',
]);
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** RFC 9110 section 5.5, without obs-text. */
const FIELD_VALUE = /^[\t\x20-\x7e]*$/;
const BODYLESS: ReadonlySet<number> = new Set([204, 205, 304]);

/** @param cbor whether the caller asked for CBOR.
 * @param bytesOut where bytes are base64 text in JSON.
 * @throws DiagnosticError HTTP140 where the flow answers with a malformed envelope. */
export function valueAnswer(
  flow: string,
  value: Value,
  cbor: boolean,
  bytesOut?: BytesPlace,
): Answer {
  const envelope = envelopeOf(value);
  if (envelope === undefined) {
    return cbor
      ? plainAnswer(200, 'application/cbor', encodeCanonical(value))
      : plainAnswer(200, JSON_TYPE, jsonText(bytesOut ? showBytes(bytesOut, value) : value));
  }
  return envelopeAnswer(flow, envelope, cbor);
}

/** JSON for the outside: plain where JSON can carry the value, else the lossless form. */
export function jsonText(value: Value): string {
  return JSON.stringify(isPlainJson(value) ? value : valueToJson(value));
}

function isPlainJson(value: Value): boolean {
  switch (typeof value) {
    case 'number':
      return Number.isFinite(value);
    case 'bigint':
      return false;
    case 'object':
      break;
    default:
      return true;
  }
  if (value === null) return true;
  if (value instanceof Uint8Array) return false;
  if (Array.isArray(value)) return value.every(isPlainJson);
  for (const key of Object.keys(value)) {
    if (!isPlainJson((value as ValueMap)[key]!)) return false;
  }
  return true;
}

/** What stands in the envelope; undefined where the value is none. */
function envelopeOf(value: Value): Value | undefined {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, '$http')) {
    return undefined;
  }
  return (value as ValueMap)['$http'];
}

function envelopeAnswer(flow: string, envelope: Value, cbor: boolean): Answer {
  const refuse = (problem: string) => new DiagnosticError([diagnostic.HTTP140({ flow, problem })]);
  if (typeof envelope !== 'object' || envelope === null || Array.isArray(envelope)) {
    throw refuse('$http is not a map');
  }
  const { status = 200, headers = {}, body = null, ...rest } = envelope as ValueMap;
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) throw refuse(`${JSON.stringify(unknown)} has no meaning in it`);
  if (typeof status !== 'number' || !Number.isInteger(status) || status < 200 || status > 599) {
    throw refuse('status is not a whole number from 200 to 599');
  }
  if (typeof headers !== 'object' || headers === null || Array.isArray(headers)) {
    throw refuse('headers is not a map');
  }
  const fields = Object.entries(headers as ValueMap).map(([name, value]) =>
    checkField(name, value, refuse),
  );
  const given = fields.find(([name]) => name === 'content-type')?.[1];
  const others = fields.filter(([name]) => name !== 'content-type');
  const content = contentOf(body, typeof given === 'string' ? given : undefined, cbor);
  const empty = BODYLESS.has(status) || content === undefined;
  if (empty) return { status, type: undefined, headers: others, body: '' };
  return { status, headers: others, ...content };
}

type Field = readonly [name: string, value: string | readonly string[]];

function checkField(name: string, value: Value, refuse: (problem: string) => Error): Field {
  const lower = name.toLowerCase();
  if (!TOKEN.test(name)) throw refuse(`${JSON.stringify(name)} is not the name of a header`);
  if (HOST_HEADERS.has(lower)) throw refuse(`the header ${lower} belongs to the host`);
  const values = Array.isArray(value) ? (value as readonly Value[]) : [value];
  for (const one of values) {
    if (typeof one === 'string' && FIELD_VALUE.test(one)) continue;
    throw refuse(`the value of the header ${lower} is not printable ASCII text`);
  }
  if (lower === 'content-type' && values.length !== 1) throw refuse('content-type has one value');
  return [lower, Array.isArray(value) ? (values as string[]) : (value as string)];
}

/** The bytes and the type of a body: text and bytes as they are, all else as JSON or CBOR. */
function contentOf(
  body: Value,
  type: string | undefined,
  cbor: boolean,
): Pick<Answer, 'type' | 'body'> | undefined {
  if (body instanceof Uint8Array) return { type: type ?? 'application/octet-stream', body };
  const isJson = type !== undefined && /^application\/(?:[^;\s]+\+)?json\b/i.test(type);
  if (typeof body === 'string' && !isJson) {
    return { type: type ?? 'text/plain; charset=utf-8', body };
  }
  if (body === null && !isJson) return undefined;
  if (type === undefined && cbor) return { type: 'application/cbor', body: encodeCanonical(body) };
  return { type: type ?? JSON_TYPE, body: jsonText(body) };
}

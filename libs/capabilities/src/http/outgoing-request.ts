// Reads a node's request once: method, address, headers and body, each refused with a reason when a
// server could take it for something else.
import { DiagnosticError, diagnostic, printable } from '@basalt/diagnostics';
import type { HttpRequest } from '../capability-set.js';
import type { HttpAccess } from './http-options.js';

/** A request that has passed every check that needs no network. */
export interface OutgoingRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | undefined;
}

const READ_METHODS = ['GET', 'HEAD', 'OPTIONS'];
const METHODS: Readonly<Record<HttpAccess, ReadonlySet<string>>> = {
  httpRead: new Set(READ_METHODS),
  httpWrite: new Set([...READ_METHODS, 'POST', 'PUT', 'PATCH', 'DELETE']),
};
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9a-z-]+$/i;
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
/** Headers that frame the message or choose the host: the client alone writes them. */
const OWN_HEADERS = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);
const LONGEST_URL = 16_384;

function refuse(what: string): never {
  throw new DiagnosticError([diagnostic.CAP120({ what })]);
}

const quoted = (text: unknown) => JSON.stringify(printable(String(text).slice(0, 100)));

/** An address that may be fetched: http or https, no user and password in it. CAP120. */
export function parseUrl(text: unknown, base?: URL): URL {
  if (typeof text !== 'string' || text.length > LONGEST_URL) {
    refuse(`the address is no text of at most ${LONGEST_URL} characters`);
  }
  let url: URL;
  try {
    url = new URL(text, base);
  } catch {
    return refuse(`${quoted(text)} is no absolute address`);
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    refuse(`the scheme ${quoted(url.protocol)} is not http: or https:`);
  }
  if (url.username !== '' || url.password !== '') {
    refuse('the address holds a user or password; send an authorization header instead');
  }
  url.hash = '';
  return url;
}

function readHeaders(given: Readonly<Record<string, string>>, limit: number) {
  const headers: Record<string, string> = {};
  let bytes = 0;
  for (const [name, value] of Object.entries(given)) {
    const key = name.toLowerCase();
    if (!HEADER_NAME.test(name)) refuse(`${quoted(name)} is no header name`);
    if (typeof value !== 'string' || !HEADER_VALUE.test(value)) {
      refuse(`the value of the header ${key} has characters that no header may have`);
    }
    if (OWN_HEADERS.has(key)) refuse(`the header ${key} is set by the client`);
    if (Object.hasOwn(headers, key)) refuse(`the header ${key} is given twice`);
    headers[key] = value;
    bytes += name.length + value.length + 4;
  }
  if (bytes > limit) refuse(`its headers have ${bytes} bytes, and ${limit} are allowed`);
  return headers;
}

/** The request, checked. CAP120 for a malformed one, CAP121 for a method that is not allowed. */
export function outgoingRequest(
  request: HttpRequest,
  access: HttpAccess,
  maxHeaderBytes: number,
): OutgoingRequest {
  const method = String(request.method).toUpperCase();
  if (!METHODS[access].has(method)) {
    const shown = printable(method.slice(0, 30));
    throw new DiagnosticError([diagnostic.CAP121({ method: shown, capability: access })]);
  }
  const url = parseUrl(request.url);
  const headers = readHeaders(request.headers ?? {}, maxHeaderBytes);
  const { body } = request;
  if (body !== undefined && !(body instanceof Uint8Array)) refuse('its body is no Uint8Array');
  if (body !== undefined && (method === 'GET' || method === 'HEAD')) {
    refuse(`a ${method} request has no body`);
  }
  return { method, url, headers, body };
}

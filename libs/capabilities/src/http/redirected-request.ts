// What a redirect asks for (RFC 9110 section 15.4): 303, and 301 and 302 after POST, become GET;
// 307 and 308 repeat the request. Credentials do not go along to another origin.
import { DiagnosticError, diagnostic, printable } from '@basalt/diagnostics';
import { parseUrl, type OutgoingRequest } from './outgoing-request.js';

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const CREDENTIAL = /^(authorization|cookie|proxy-authorization)$|api-?key|token|secret|password/;
const BODY_HEADER = /^content-/;

function refused(request: OutgoingRequest, target: string, reason: string): DiagnosticError {
  const url = `${request.url.origin}${request.url.pathname}`;
  return new DiagnosticError([
    diagnostic.CAP124({
      method: request.method,
      url,
      // Without the query, which may hold secrets.
      target: printable(target.split('?', 1)[0]!.slice(0, 200)),
      reason,
    }),
  ]);
}

function without(headers: OutgoingRequest['headers'], names: RegExp) {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.test(name)));
}

/** What of a response says where to go on. */
export interface Redirection {
  readonly status: number;
  readonly location: string | undefined;
}

/** The request that follows; undefined when the response is no redirect. CAP124 when it may not be
 * followed. */
export function redirectedRequest(
  request: OutgoingRequest,
  response: Redirection,
  mayFollow: boolean,
): OutgoingRequest | undefined {
  const { location } = response;
  if (!REDIRECTS.has(response.status) || location === undefined) return undefined;
  if (!mayFollow) throw refused(request, location, 'too many redirects were followed already');
  let url: URL;
  try {
    url = parseUrl(location, request.url);
  } catch {
    throw refused(request, location, 'this is no address that may be fetched');
  }
  if (request.url.protocol === 'https:' && url.protocol === 'http:') {
    throw refused(request, url.origin, 'it leaves https for http');
  }
  const { method, body } = request;
  const toGet =
    method !== 'HEAD' &&
    (response.status === 303 ||
      (method === 'POST' && (response.status === 301 || response.status === 302)));
  const kept =
    url.origin === request.url.origin ? request.headers : without(request.headers, CREDENTIAL);
  return toGet
    ? { method: 'GET', url, headers: without(kept, BODY_HEADER), body: undefined }
    : { method, url, headers: kept, body };
}

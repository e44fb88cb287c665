// HTTP for nodes, over undici: checked request, checked address, bounded time and size.
import type { Agent, Dispatcher } from 'undici';
import { isIP } from 'node:net';
import { DiagnosticError, diagnostic } from '@basalt/diagnostics';
import type { HttpClient, HttpRequest, HttpResponse } from '../capability-set.js';
import { checkedAgent, privateAddressError } from './checked-agent.js';
import { hostMatcher } from './host-patterns.js';
import { HTTP_DEFAULTS, type HttpAccess, type HttpOptions } from './http-options.js';
import { outgoingRequest, type OutgoingRequest } from './outgoing-request.js';
import { isPrivateAddress } from './private-address.js';
import { redirectedRequest } from './redirected-request.js';

/** A client that holds connections; `close` ends them after what is under way. */
export interface ClosableHttpClient extends HttpClient {
  close(): Promise<void>;
}

type Settings = Required<Omit<HttpOptions, 'allow' | 'resolve'>> & {
  readonly access: HttpAccess;
  /** The agent, made by the first request. */
  readonly agent: () => Promise<Agent>;
  readonly allowed: (url: URL) => boolean;
};

/** An address for messages: without the query, which may hold secrets. */
function shownUrl(url: URL): string {
  return `${url.origin}${url.pathname}`.slice(0, 200);
}

function checkTarget(url: URL, settings: Settings): void {
  if (!settings.allowed(url)) {
    throw new DiagnosticError([diagnostic.EGRESS102({ host: url.host })]);
  }
  // A name is checked when it is resolved; an address, in whatever form it was written, has been
  // brought to its plain form by the URL parser.
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (!settings.allowPrivate && isIP(host) !== 0 && isPrivateAddress(host)) {
    throw privateAddressError(url.hostname, host);
  }
}

function tooLarge(request: OutgoingRequest, limit: number, part: string): DiagnosticError {
  const { method, url } = request;
  return new DiagnosticError([diagnostic.CAP123({ method, url: shownUrl(url), limit, part })]);
}

async function readBody(
  response: Dispatcher.ResponseData,
  request: OutgoingRequest,
  limit: number,
): Promise<Uint8Array> {
  const announced = Number(response.headers['content-length'] ?? 0);
  if (request.method !== 'HEAD' && announced > limit) {
    response.body.on('error', () => undefined).destroy();
    throw tooLarge(request, limit, 'body');
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > limit) throw tooLarge(request, limit, 'body');
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks, size));
}

/** Header values as one text each: repeated headers are joined by ", ", set-cookie by line feeds. */
function joinHeaders(headers: Dispatcher.ResponseData['headers']): Record<string, string> {
  const joined: [string, string][] = [];
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined) continue;
    const glue = name === 'set-cookie' ? '\n' : ', ';
    joined.push([name, Array.isArray(value) ? value.join(glue) : value]);
  }
  return Object.fromEntries(joined);
}

async function exchange(
  request: OutgoingRequest,
  settings: Settings,
  signal: AbortSignal,
): Promise<HttpResponse> {
  const { url, method, headers, body } = request;
  checkTarget(url, settings);
  const agent = await settings.agent();
  const response = await agent.request({
    origin: url.origin,
    path: `${url.pathname}${url.search}`,
    method: method as Dispatcher.HttpMethod,
    headers,
    body: body ?? null,
    signal,
    // The limit of the whole exchange is the signal's; undici's own would end a quiet one earlier.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  return {
    status: response.statusCode,
    headers: joinHeaders(response.headers),
    body: await readBody(response, request, settings.maxResponseBytes),
  };
}

function exchangeError(error: unknown, request: OutgoingRequest, settings: Settings): Error {
  if (error instanceof DiagnosticError) return error;
  const { code, cause, message } = error as NodeJS.ErrnoException;
  if (cause instanceof DiagnosticError) return cause;
  if (code === 'UND_ERR_HEADERS_OVERFLOW') {
    return tooLarge(request, settings.maxHeaderBytes, 'headers');
  }
  const reason = message || code || 'the connection failed';
  const params = { method: request.method, url: shownUrl(request.url), reason };
  return new DiagnosticError([diagnostic.CAP125(params)], { cause: error });
}

/** Sends, and follows redirects as far as they are allowed. */
async function follow(
  first: OutgoingRequest,
  settings: Settings,
  signal: AbortSignal,
): Promise<HttpResponse> {
  let request = first;
  for (let followed = 0; ; followed += 1) {
    let response: HttpResponse;
    try {
      response = await exchange(request, settings, signal);
    } catch (error) {
      throw exchangeError(error, request, settings);
    }
    if (settings.maxRedirects === 0) return response;
    const next = redirectedRequest(request, response, followed < settings.maxRedirects);
    if (next === undefined) return response;
    request = next;
  }
}

async function send(
  request: HttpRequest,
  settings: Settings,
  outer: AbortSignal | undefined,
): Promise<HttpResponse> {
  outer?.throwIfAborted();
  const outgoing = outgoingRequest(request, settings.access, settings.maxHeaderBytes);
  const limit = request.timeoutMs ?? settings.timeoutMs;
  if (!(limit > 0 && limit < 2 ** 31)) {
    const what = `its limit of ${String(limit)} ms is not between 1 and 2^31 - 1`;
    throw new DiagnosticError([diagnostic.CAP120({ what })]);
  }
  const timer = new AbortController();
  const timeout = setTimeout(() => timer.abort(), limit);
  const signal = outer === undefined ? timer.signal : AbortSignal.any([outer, timer.signal]);
  try {
    return await follow(outgoing, settings, signal);
  } catch (error) {
    outer?.throwIfAborted();
    if (!timer.signal.aborted) throw error;
    const params = { method: outgoing.method, url: shownUrl(outgoing.url), limit_ms: limit };
    throw new DiagnosticError([diagnostic.CAP122(params)], { cause: error });
  } finally {
    clearTimeout(timeout);
  }
}

function httpClient(access: HttpAccess, options: HttpOptions): ClosableHttpClient {
  const maxHeaderBytes = options.maxHeaderBytes ?? HTTP_DEFAULTS.maxHeaderBytes;
  const allowPrivate = options.allowPrivate ?? HTTP_DEFAULTS.allowPrivate;
  let agent: Promise<Agent> | undefined;
  const settings: Settings = {
    access,
    agent: () => {
      agent ??= checkedAgent({ allowPrivate, maxHeaderBytes, resolve: options.resolve });
      return agent;
    },
    allowed: options.allow === undefined ? () => true : hostMatcher(options.allow),
    allowPrivate,
    maxHeaderBytes,
    maxRedirects: options.maxRedirects ?? HTTP_DEFAULTS.maxRedirects,
    timeoutMs: options.timeoutMs ?? HTTP_DEFAULTS.timeoutMs,
    maxResponseBytes: options.maxResponseBytes ?? HTTP_DEFAULTS.maxResponseBytes,
  };
  return {
    send: (request, signal) => send(request, settings, signal),
    close: async () => (await agent)?.close(),
  };
}

/** A client for GET, HEAD and OPTIONS. */
export function httpRead(options: HttpOptions = {}): ClosableHttpClient {
  return httpClient('httpRead', options);
}

/** A client for GET, HEAD, OPTIONS, POST, PUT, PATCH and DELETE. */
export function httpWrite(options: HttpOptions = {}): ClosableHttpClient {
  return httpClient('httpWrite', options);
}

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

/** A response whose body is still to come. */
export interface OpenedResponse {
  readonly status: number;
  readonly statusText: string;
  readonly headers: Readonly<Record<string, readonly string[]>>;
  /** Comes as fast as it is taken; fails where it is larger than the binding allows. Whoever does not want
   * it to its end calls `return` of its iterator, or aborts. */
  readonly body: AsyncIterable<Uint8Array>;
}

/** A client that holds connections; `close` ends them after what is under way. */
export interface ClosableHttpClient extends HttpClient {
  /** As `send`, up to the headers of the response: the limit of time ends there. */
  open(request: HttpRequest, signal?: AbortSignal): Promise<OpenedResponse>;
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

/** The body, as long as it is not too large. */
async function* boundedBody(
  body: Dispatcher.ResponseData['body'],
  request: OutgoingRequest,
  settings: Settings,
): AsyncGenerator<Uint8Array> {
  const limit = settings.maxResponseBytes;
  let size = 0;
  try {
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      size += chunk.byteLength;
      if (size > limit) throw tooLarge(request, limit, 'body');
      yield chunk;
    }
  } catch (error) {
    throw exchangeError(error, request, settings);
  }
}

async function readBody(body: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return new Uint8Array(Buffer.concat(chunks));
}

function headerLists(headers: Dispatcher.ResponseData['headers']): OpenedResponse['headers'] {
  const lists: [string, readonly string[]][] = [];
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) lists.push([name, Array.isArray(value) ? value : [value]]);
  }
  return Object.fromEntries(lists);
}

/** Header values as one text each: repeated headers are joined by ", ", set-cookie by line feeds. */
function joinHeaders(headers: OpenedResponse['headers']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, values]) => [
      name,
      values.join(name === 'set-cookie' ? '\n' : ', '),
    ]),
  );
}

async function requested(
  request: OutgoingRequest,
  settings: Settings,
  signal: AbortSignal,
): Promise<Dispatcher.ResponseData> {
  const { url, method, headers, body } = request;
  try {
    checkTarget(url, settings);
    const agent = await settings.agent();
    return await agent.request({
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
  } catch (error) {
    throw exchangeError(error, request, settings);
  }
}

async function exchange(
  request: OutgoingRequest,
  settings: Settings,
  signal: AbortSignal,
): Promise<OpenedResponse> {
  const response = await requested(request, settings, signal);
  const limit = settings.maxResponseBytes;
  const announced = Number(response.headers['content-length'] ?? 0);
  if (request.method !== 'HEAD' && announced > limit) {
    response.body.on('error', () => undefined).destroy();
    throw tooLarge(request, limit, 'body');
  }
  return {
    status: response.statusCode,
    statusText: response.statusText,
    headers: headerLists(response.headers),
    body: boundedBody(response.body, request, settings),
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
): Promise<OpenedResponse> {
  let request = first;
  for (let followed = 0; ; followed += 1) {
    const response = await exchange(request, settings, signal);
    if (settings.maxRedirects === 0) return response;
    const redirection = { status: response.status, location: response.headers['location']?.[0] };
    const next = redirectedRequest(request, redirection, followed < settings.maxRedirects);
    if (next === undefined) return response;
    await readBody(response.body);
    request = next;
  }
}

/** Sends a request and does `take` with the response, within the limit of time of both. */
async function within<T>(
  request: HttpRequest,
  settings: Settings,
  outer: AbortSignal | undefined,
  take: (response: OpenedResponse) => Promise<T>,
): Promise<T> {
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
    return await take(await follow(outgoing, settings, signal));
  } catch (error) {
    outer?.throwIfAborted();
    if (!timer.signal.aborted) throw error;
    const params = { method: outgoing.method, url: shownUrl(outgoing.url), limit_ms: limit };
    throw new DiagnosticError([diagnostic.CAP122(params)], { cause: error });
  } finally {
    clearTimeout(timeout);
  }
}

async function received({ status, headers, body }: OpenedResponse): Promise<HttpResponse> {
  return { status, headers: joinHeaders(headers), body: await readBody(body) };
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
    send: (request, signal) => within(request, settings, signal, received),
    open: (request, signal) =>
      within(request, settings, signal, (response) => Promise.resolve(response)),
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

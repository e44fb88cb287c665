// What the nodes of an execution may know of the request that started it. Built only when a node
// asks, or a part of the host that watches executions.
import type { IncomingMessage } from 'node:http';
import type { InvocationMetadata } from '@basalt/executor';
import type { Value } from '@basalt/ir';

/** Headers that are credentials: the host checks them, nodes never see them. */
const WITHHELD = new Set(['authorization', 'proxy-authorization', 'cookie']);

/** What of a request the metadata is made of. */
export interface RequestFacts {
  readonly raw: IncomingMessage;
  /** Parameters of the path. */
  readonly params: unknown;
  readonly extensions: Readonly<Record<string, Value>> | null;
}

export class RequestMetadata implements InvocationMetadata {
  readonly #request: RequestFacts;
  readonly #idempotencyKey: string | undefined;
  #labels: Readonly<Record<string, string>> | undefined = undefined;
  #extensions: Readonly<Record<string, Value>> | undefined = undefined;

  constructor(request: RequestFacts, idempotencyKey: string | undefined) {
    this.#request = request;
    this.#idempotencyKey = idempotencyKey;
  }

  get labels(): Readonly<Record<string, string>> {
    return (this.#labels ??= labelsOf(this.#request, this.#idempotencyKey));
  }

  get extensions(): Readonly<Record<string, Value>> {
    return (this.#extensions ??= extensionsOf(this.#request));
  }
}

function labelsOf(request: RequestFacts, key: string | undefined): Record<string, string> {
  const { method, httpVersion, headers } = request.raw;
  const url = request.raw.url ?? '/';
  const at = url.indexOf('?');
  const eventId = headers['x-event-id'];
  return {
    'http.method': method ?? '',
    'http.path': at < 0 ? url : url.slice(0, at),
    'http.version': httpVersion,
    'http.host': headers.host ?? '',
    'http.query_raw': at < 0 ? '' : url.slice(at + 1),
    ...(typeof eventId === 'string' ? { 'lf.event_id': eventId } : {}),
    ...(key === undefined ? {} : { 'lf.idem_key': key }),
  };
}

function extensionsOf(request: RequestFacts): Record<string, Value> {
  const params = Object.entries((request.params ?? {}) as Record<string, string>);
  return {
    'http.headers': headerLists(request),
    'http.query': queryLists(request.raw.url ?? ''),
    ...(params.length === 0 ? {} : { 'http.params': ownMap(params) }),
    ...request.extensions,
  };
}

function headerLists(request: RequestFacts): Value {
  const lists = new Map<string, string[]>();
  const { rawHeaders } = request.raw;
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]!.toLowerCase();
    // The request guard removes headers that it does not trust from `headers`.
    if (WITHHELD.has(name) || !Object.hasOwn(request.raw.headers, name)) continue;
    add(lists, name, rawHeaders[i + 1]!);
  }
  return ownMap(lists);
}

function queryLists(url: string): Value {
  const lists = new Map<string, string[]>();
  const at = url.indexOf('?');
  if (at >= 0)
    for (const [name, value] of new URLSearchParams(url.slice(at + 1))) add(lists, name, value);
  return ownMap(lists);
}

function add(lists: Map<string, string[]>, name: string, value: string): void {
  const list = lists.get(name);
  if (list === undefined) lists.set(name, [value]);
  else list.push(value);
}

/** A map from names that callers chose: `__proto__` is left out, for it would be one in a copy. */
function ownMap(entries: Iterable<readonly [string, Value]>): Value {
  return Object.fromEntries([...entries].filter(([name]) => name !== '__proto__'));
}

// The short way from a connection to a flow. A plain request (a JSON body for a route of its own, and
// no header that any check of the host looks at) is answered without the hooks, the routing and the
// reply of the server framework, which take longer than a small flow. Everything else, and everything
// while the host is overloaded or closing, goes the long way. Both ways give the same answers.
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { ValueHandler } from '../invocation/value-handler.js';
import type { RunHub } from '../run-hub.js';
import { DirectExchange, type AnswerForms } from './direct-exchange.js';
import { OnePiece } from './one-piece.js';
import { plainRequest } from './plain-request.js';

/** What the guard of all requests has to say of plain ones. */
export interface PlainGuard {
  /** The headers of every answer: names and values in turn. */
  readonly headers: readonly string[];
  /** Whether the host answers to the name. */
  answersTo(host: string): boolean;
}

/** Watches the requests of one route that take the short way. */
export interface DirectWatch {
  began(): void;
  /** The answer has ended, or the caller has gone before (status 499). */
  ended(status: number, ms: number): void;
}

/** A route whose plain requests take the short way. */
export interface DirectRoute {
  readonly handler: ValueHandler;
  /** Most bytes of a body. */
  readonly bodyLimit: number;
  readonly watch: DirectWatch;
}

const NOBODY: DirectWatch = { began: () => undefined, ended: () => undefined };

/** A request without a body is rare, and GET may be the beginning of a socket. */
const METHODS: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH']);

export class DirectPath {
  readonly #runs: RunHub;
  /** By path, then by method. */
  readonly #routes = new Map<string, Map<string, DirectRoute>>();
  #watchOf: (method: string, path: string) => DirectWatch = () => NOBODY;
  #guard: PlainGuard | undefined = undefined;
  #isForbidden = false;
  #isOverloaded: () => boolean = () => false;

  constructor(runs: RunHub) {
    this.#runs = runs;
  }

  /** Lets plain requests take the short way; without a guard none does. */
  admit(guard: PlainGuard): void {
    this.#guard = guard;
  }

  /** Some part of the host has to see every request. */
  forbid(): void {
    this.#isForbidden = true;
  }

  /** While this is so, requests take the long way, where they are refused. */
  unless(isOverloaded: () => boolean): void {
    this.#isOverloaded = isOverloaded;
  }

  /** Has every route watched that is added from now on. */
  watch(watchOf: (method: string, path: string) => DirectWatch): void {
    this.#watchOf = watchOf;
  }

  /** Adds a route; one with parameters always takes the long way. */
  add(method: string, path: string, handler: ValueHandler, bodyLimit: number): void {
    if (!METHODS.has(method) || /[:*]/.test(path)) return;
    const route = { handler, bodyLimit, watch: this.#watchOf(method, path) };
    const methods = this.#routes.get(path);
    if (methods === undefined) this.#routes.set(path, new Map([[method, route]]));
    else methods.set(method, route);
  }

  /** Stands before whatever answers the requests of the server now. */
  attach(server: Server): void {
    const guard = this.#guard;
    if (this.#isForbidden || guard === undefined || this.#routes.size === 0) return;
    const { headers } = guard;
    const onePiece = new OnePiece({ headers, keepAliveMs: server.keepAliveTimeout });
    const forms = { headers, onePiece };
    const others = server.listeners('request') as ((
      request: IncomingMessage,
      response: ServerResponse,
    ) => void)[];
    server.removeAllListeners('request');
    server.on('request', (request, response) => {
      if (this.#take(guard, forms, request, response)) return;
      for (const answer of others) answer.call(server, request, response);
    });
  }

  #take(
    guard: PlainGuard,
    forms: AnswerForms,
    request: IncomingMessage,
    response: ServerResponse,
  ): boolean {
    const route = this.#routes.get(request.url!)?.get(request.method!);
    if (route === undefined || !this.#runs.hasRoom || this.#isOverloaded()) return false;
    const plain = plainRequest(request);
    if (plain === undefined || plain.length > route.bodyLimit) return false;
    if (!guard.answersTo(plain.host)) return false;
    new DirectExchange(forms, route, request, response).begin();
    return true;
  }
}

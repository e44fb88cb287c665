// The part of the host that turns requests into executions: body parsers, one route a trigger, and
// what the other methods and unknown paths get.
import { METHODS } from 'node:http';
import { diagnostic, DiagnosticError } from '@basalt/diagnostics';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { DEFAULT_BODY_BYTES } from '../create-server.js';
import type { CompiledFlow, HttpRoute } from '../hosted-flow.js';
import type { HostContext, HostPart } from '../host-part.js';
import { addBodyParsers } from './body-parsers.js';
import { IdempotencyStore } from './idempotency-store.js';
import { KeptStreams } from '../stream/kept-streams.js';
import { SocketRoutes } from '../stream/socket-routes.js';
import { StreamHandler } from '../stream/stream-handler.js';
import { ValueHandler } from './value-handler.js';

type RouteHandler = (request: FastifyRequest, reply: FastifyReply) => void;

/** Understood by the server without being told. */
const KNOWN = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

export const invocationPart: HostPart = {
  name: 'invocation',
  install(context) {
    const { app, flows } = context;
    addBodyParsers(app);
    const keys = new IdempotencyStore(context.options);
    const kept = new KeptStreams(context.options.maxHeldStreams ?? 1000);
    context.runs.onFull(() => kept.giveUpOne());
    const sockets = new SocketRoutes(context, kept);
    const byPath = new Map<string, PathRoute[]>();
    for (const flow of flows) {
      for (const route of flow.routes) {
        const handler =
          route.respond === 'stream'
            ? new StreamHandler(context, flow, route, kept)
            : new ValueHandler(context, flow, route, keys);
        if (handler instanceof ValueHandler) addDirect(context, handler);
        const entry = { flow, route, handle: handler.handle.bind(handler) };
        const same = byPath.get(route.path);
        if (same === undefined) byPath.set(route.path, [entry]);
        else same.push(entry);
      }
    }
    for (const [path, entries] of byPath) {
      const upgrade = addSocket(context, sockets, entries);
      for (const entry of entries) addRoute(context, entry, upgrade);
      const allow = allowed(entries);
      if (!entries.some(({ route }) => route.method === 'GET')) {
        addGetForSockets(context, path, entries, upgrade, allow);
      }
      addOtherMethods(app, path, allow);
    }
  },
};

interface PathRoute {
  readonly flow: CompiledFlow;
  readonly route: HttpRoute;
  readonly handle: RouteHandler;
}

type TakeUpgrade = (request: FastifyRequest, reply: FastifyReply) => boolean;

/** A socket speaks with the GET trigger of a path, else with one that streams, else with the first. */
function socketRoute(entries: readonly PathRoute[]): PathRoute {
  const get = entries.find(({ route }) => route.method === 'GET');
  return get ?? entries.find(({ route }) => route.respond === 'stream') ?? entries[0]!;
}

function addSocket(
  context: HostContext,
  sockets: SocketRoutes,
  entries: readonly PathRoute[],
): TakeUpgrade {
  const { flow, route } = socketRoute(entries);
  return sockets.handlerFor(flow, route, bodyLimit(context, route));
}

/** Answers that are sent before the execution ends keep the long way: nothing is won by another. */
function addDirect(context: HostContext, handler: ValueHandler): void {
  const { route } = handler;
  if (route.respond !== 'value') return;
  context.direct.add(route.method, route.path, handler, bodyLimit(context, route));
}

function bodyLimit({ options }: HostContext, route: HttpRoute): number {
  return route.trigger.ir.trigger?.max_payload_bytes ?? options.maxBodyBytes ?? DEFAULT_BODY_BYTES;
}

function allowed(entries: readonly PathRoute[]): readonly string[] {
  const methods = new Set(entries.map(({ route }) => route.method));
  if (entries.some(({ route }) => answersHead(route))) methods.add('HEAD');
  return [...methods.add('OPTIONS')].sort();
}

/** HEAD is GET without the body (RFC 9110, 9.3.2). For a stream that would be all of it. */
function answersHead({ method, respond }: HttpRoute): boolean {
  return method === 'GET' && respond === 'value';
}

function addRoute(context: HostContext, { flow, route, handle }: PathRoute, upgrade: TakeUpgrade) {
  const { app } = context;
  const { method, path } = route;
  const refuse = (problem: string) =>
    new DiagnosticError([diagnostic.HTTP103({ flow: flow.name, method, route: path, problem })]);
  if (!METHODS.includes(method)) throw refuse('no HTTP server knows the method');
  if (!KNOWN.includes(method)) app.addHttpMethod(method, { hasBody: true });
  const getOrUpgrade: RouteHandler = (request, reply) => {
    if (!upgrade(request, reply)) handle(request, reply);
  };
  try {
    app.route({
      method: answersHead(route) ? ['GET', 'HEAD'] : [method],
      url: path,
      config: { invoked: route },
      bodyLimit: bodyLimit(context, route),
      handler: method === 'GET' ? getOrUpgrade : handle,
    });
  } catch (error) {
    throw refuse(error instanceof Error ? error.message : String(error));
  }
}

/** A path whose triggers take no GET takes it for WebSockets. */
function addGetForSockets(
  { app }: HostContext,
  path: string,
  entries: readonly PathRoute[],
  upgrade: TakeUpgrade,
  allow: readonly string[],
): void {
  app.route({
    method: 'GET',
    url: path,
    config: { invoked: socketRoute(entries).route },
    handler(request, reply) {
      if (!upgrade(request, reply)) throw notAllowed(path, request.method, allow);
    },
  });
}

/** OPTIONS says what a path takes; every other method is refused. */
function addOtherMethods(app: FastifyInstance, path: string, allow: readonly string[]): void {
  const rest = KNOWN.filter((method) => !app.hasRoute({ method: method as 'GET', url: path }));
  app.route({
    method: rest,
    url: path,
    config: { access: { kind: 'nothing' } },
    handler(request, reply) {
      if (request.method !== 'OPTIONS') throw notAllowed(path, request.method, allow);
      reply.code(204).header('allow', allow.join(', ')).send();
    },
  });
}

function notAllowed(path: string, method: string, allow: readonly string[]): DiagnosticError {
  const params = { path, method, allowed: allow.join(', ') };
  return new DiagnosticError([diagnostic.HTTP122(params, undefined, { details: { allow } })]);
}

// The part of the host that turns requests into executions: body parsers, one route a trigger, and
// what the other methods and unknown paths get.
import { METHODS } from 'node:http';
import { diagnostic, DiagnosticError } from '@basalt/diagnostics';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { CompiledFlow, HttpRoute } from '../hosted-flow.js';
import type { HostContext, HostPart } from '../host-part.js';
import { addBodyParsers } from './body-parsers.js';
import { IdempotencyStore } from './idempotency-store.js';
import { valueHandler } from './value-handler.js';

type RouteHandler = (request: FastifyRequest, reply: FastifyReply) => void;

/** Understood by the server without being told. */
const KNOWN = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

export const invocationPart: HostPart = {
  name: 'invocation',
  install(context) {
    const { app, flows } = context;
    addBodyParsers(app);
    const keys = new IdempotencyStore(context.options);
    const byPath = new Map<string, Set<string>>();
    for (const flow of flows) {
      for (const route of flow.routes) {
        addRoute(context, flow, route, keys);
        const methods = byPath.get(route.path) ?? new Set();
        byPath.set(route.path, methods.add(route.method));
      }
    }
    for (const [path, methods] of byPath) addOtherMethods(app, path, methods);
  },
};

function addRoute(
  context: HostContext,
  flow: CompiledFlow,
  route: HttpRoute,
  keys: IdempotencyStore,
): void {
  const { app, options } = context;
  const { method, path } = route;
  const limit = route.trigger.ir.trigger?.max_payload_bytes ?? options.maxBodyBytes;
  const refuse = (problem: string) =>
    new DiagnosticError([
      diagnostic.HTTP103({ flow: flow.name, method, route: path, problem }, undefined),
    ]);
  if (!METHODS.includes(method)) throw refuse('no HTTP server knows the method');
  if (!KNOWN.includes(method)) app.addHttpMethod(method, { hasBody: true });
  const handler: RouteHandler = valueHandler(context, flow, route, keys);
  const methods = method === 'GET' && route.respond === 'value' ? ['GET', 'HEAD'] : [method];
  try {
    app.route({
      method: methods,
      url: path,
      config: { invoked: route },
      ...(limit === undefined ? {} : { bodyLimit: limit }),
      handler,
    });
  } catch (error) {
    throw refuse(error instanceof Error ? error.message : String(error));
  }
}

/** OPTIONS says what a path takes; every other method is refused. */
function addOtherMethods(app: FastifyInstance, path: string, taken: ReadonlySet<string>): void {
  const offered = new Set(taken);
  if (taken.has('GET')) offered.add('HEAD');
  offered.add('OPTIONS');
  const allow = [...offered].sort();
  const rest = KNOWN.filter((method) => !app.hasRoute({ method: method as 'GET', url: path }));
  app.route({
    method: rest,
    url: path,
    handler(request, reply) {
      if (request.method === 'OPTIONS') {
        reply.code(204).header('allow', allow.join(', ')).send();
        return;
      }
      const params = { path, method: request.method, allowed: allow.join(', ') };
      throw new DiagnosticError([diagnostic.HTTP122(params, undefined, { details: { allow } })]);
    },
  });
}

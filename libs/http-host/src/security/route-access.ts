// What a route asks of its caller. A route of a trigger asks for the scope to run its flow; any other
// says what it asks for in its Fastify config, as `access`. Where a host has tokens, a route that says
// nothing is open to the scope `*` alone.
import type { CompiledFlow, HttpRoute } from '../hosted-flow.js';
import type { FlowAction, HostAction } from './scope.js';
import type { TokenEntry } from './token-file.js';
import type { FastifyRequest } from 'fastify';

/** public: anybody. token: whoever has a known token; the handler looks closer, with `request.may`.
 * nothing: there is nothing at this route but the word that there is nothing. */
export type RouteAccess =
  | { readonly kind: 'public' }
  | { readonly kind: 'token' }
  | { readonly kind: 'nothing' }
  | {
      readonly kind: 'flow';
      /** Name of the flow. */
      readonly flow: string;
      readonly action: FlowAction;
    }
  | { readonly kind: 'host'; readonly action: HostAction };

/** Who has proven to be calling: the entry of the token that the request carries. */
export type Principal = TokenEntry;

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: RouteAccess;
  }
  interface FastifyRequest {
    /** Whose token the request carries; null where it carries none, or the host has no tokens. */
    principal: Principal | null;
    /** The address of the caller, as far as trusted proxies tell. */
    readonly clientAddress: string;
    /** Whether the caller may do this with the flow of that name, as the token file says now; always
     * where the host has no tokens. */
    may(flow: string, action: FlowAction): boolean;
  }
}

const NOTHING: RouteAccess = { kind: 'nothing' };

/** Tells what the route of a request asks for; undefined where it does not say. */
export function accessOfRoutes(
  flows: readonly CompiledFlow[],
): (request: FastifyRequest) => RouteAccess | undefined {
  const known = new Map<HttpRoute, RouteAccess>();
  for (const { name, routes } of flows) {
    for (const route of routes) known.set(route, { kind: 'flow', flow: name, action: 'run' });
  }
  return (request) => {
    if (request.is404) return NOTHING;
    const { access, invoked } = request.routeOptions.config;
    return access ?? (invoked === undefined ? undefined : known.get(invoked));
  };
}

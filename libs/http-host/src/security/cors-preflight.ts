// Answers the question that a browser asks before it lets a page of another origin send a request.
import { DiagnosticError, diagnostic, printable } from '@basalt/diagnostics';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { CorsPolicy } from './cors-policy.js';

interface KnownRoute {
  readonly pattern: RegExp;
  readonly methods: readonly string[];
}

function patternOf(url: string): RegExp {
  const parts = url.split(/(:[^/]+|\*)/).map((part) => {
    if (part.startsWith(':')) return '[^/]+';
    return part === '*' ? '.*' : part.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${parts.join('')}$`);
}

function isPreflight(request: FastifyRequest): boolean {
  const { headers } = request;
  return (
    request.method === 'OPTIONS' &&
    headers.origin !== undefined &&
    headers['access-control-request-method'] !== undefined
  );
}

/** Answers preflights for the routes that are added after it. Those of origins that are not allowed are
 * refused, and those for paths that do not exist go on to the 404.
 * @param headers Those of every answer. */
export function corsPreflight(
  app: FastifyInstance,
  cors: CorsPolicy,
  headers: Readonly<Record<string, string>>,
): void {
  const routes: KnownRoute[] = [];
  app.addHook('onRoute', ({ url, method, config }) => {
    if (config?.access?.kind === 'nothing') return;
    routes.push({ pattern: patternOf(url), methods: [method].flat() });
  });
  app.addHook('onRequest', (request, reply, done) => {
    if (!isPreflight(request)) return done();
    const path = request.url.split('?', 1)[0]!;
    const found = routes.filter(({ pattern }) => pattern.test(path));
    if (found.length === 0) return done();
    reply.headers(headers);
    reply.header('vary', 'origin, access-control-request-method, access-control-request-headers');
    const { origin } = request.headers;
    if (!cors.allows(origin!)) {
      const shown = printable(origin!.slice(0, 100));
      throw new DiagnosticError([diagnostic.HTTP216({ origin: shown })]);
    }
    const methods = [...new Set(found.flatMap((route) => route.methods))].sort();
    const asked = request.headers['access-control-request-headers'];
    reply.headers(cors.preflightHeaders(origin!, methods, asked));
    reply.code(204).send();
  });
}

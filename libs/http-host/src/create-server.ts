// The bare server: limits on time and size of requests, and what each request carries for the parts.
import Fastify, { type FastifyInstance } from 'fastify';
import type { HttpHostOptions } from './host-options.js';
import { StalledReaders } from './stream/stalled-readers.js';
import { addErrorHandlers, refuseConnection, refuseRequest } from './server-errors.js';

export const DEFAULT_BODY_BYTES = 1024 * 1024;

/** An idle connection is asked whether its other side is still there after so long, in milliseconds. */
const PROBE_AFTER_MS = 30_000;

/** A server without routes. */
export function createServer(options: HttpHostOptions): FastifyInstance {
  const headersTimeout = options.headersTimeoutMs ?? 10_000;
  const keepAliveTimeout = options.keepAliveTimeoutMs ?? 72_000;
  const app = Fastify({
    logger: false,
    exposeHeadRoutes: false,
    bodyLimit: options.maxBodyBytes ?? DEFAULT_BODY_BYTES,
    requestTimeout: options.requestTimeoutMs ?? 30_000,
    keepAliveTimeout,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 1024 },
    frameworkErrors: refuseRequest,
    clientErrorHandler: (error, socket) => refuseConnection(error, socket, options),
    http: {
      headersTimeout,
      keepAlive: true,
      keepAliveInitialDelay: PROBE_AFTER_MS,
      maxHeaderSize: options.maxHeaderBytes ?? 16 * 1024,
      connectionsCheckingInterval: Math.max(100, Math.min(headersTimeout / 2, 5_000)),
    },
  });
  const stallMs = options.stallTimeoutMs ?? 60_000;
  const stalled = new StalledReaders(app.server, stallMs, keepAliveTimeout);
  app.addHook('onClose', async () => stalled.stop());
  app.decorateRequest('client', '');
  app.decorateRequest('extensions', null);
  addErrorHandlers(app, options);
  return app;
}

// What can be said of a request when its answer has ended, for the log and the measurements.
import { performance } from 'node:perf_hooks';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** A caller that goes away before the first byte of its answer. */
const CLIENT_CLOSED_REQUEST = 499;
const SWITCHING_PROTOCOLS = 101;

/** The pattern of the route of a request; undefined where there is none. */
export function routeOf(request: FastifyRequest): string | undefined {
  return request.is404 ? undefined : request.routeOptions.url;
}

/** The status that was sent; 101 for a socket, 499 where the caller went away before. */
export function sentStatus(request: FastifyRequest, reply: FastifyReply): number {
  if (reply.raw.headersSent) return reply.raw.statusCode;
  return isUpgrade(request) && reply.sent ? SWITCHING_PROTOCOLS : CLIENT_CLOSED_REQUEST;
}

function isUpgrade({ raw }: FastifyRequest): boolean {
  return raw.headers.upgrade !== undefined;
}

/** Whether the caller went away before the end of its answer. A socket has no such end. */
export function wasCutOff(request: FastifyRequest, reply: FastifyReply): boolean {
  return !reply.raw.writableFinished && sentStatus(request, reply) !== SWITCHING_PROTOCOLS;
}

/** Calls `began` for every request, and `ended` once when its answer has ended or its caller has gone.
 * (The hook onResponse is not called for callers that go away.)
 * @param ended Gets the time since the request in milliseconds. */
export function onAnswered(
  app: FastifyInstance,
  began: (request: FastifyRequest) => void,
  ended: (request: FastifyRequest, reply: FastifyReply, ms: number) => void,
): void {
  app.addHook('onRequest', (request, reply, done) => {
    const beganAt = performance.now();
    let isOver = false;
    const over = () => {
      if (isOver) return;
      isOver = true;
      ended(request, reply, performance.now() - beganAt);
    };
    began(request);
    reply.raw.on('close', over);
    // A socket outlives the answer that it began with, whose end nobody announces.
    if (isUpgrade(request)) request.raw.socket.on('close', over);
    done();
  });
}

// What can be said of a request when its answer has ended, for the log and the measurements.
import { performance } from 'node:perf_hooks';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** A caller that goes away before the first byte of its answer. */
const CLIENT_CLOSED_REQUEST = 499;

/** The pattern of the route of a request; undefined where there is none. */
export function routeOf(request: FastifyRequest): string | undefined {
  return request.is404 ? undefined : request.routeOptions.url;
}

/** The status that was sent; 499 where the caller went away before. */
export function sentStatus(reply: FastifyReply): number {
  return reply.raw.headersSent ? reply.raw.statusCode : CLIENT_CLOSED_REQUEST;
}

/** Whether the caller went away before the end of its answer. */
export function wasCutOff(reply: FastifyReply): boolean {
  return !reply.raw.writableFinished;
}

/** Calls `listener` once for every request, when its answer has ended or its caller has gone. (The hook
 * onResponse is not called for callers that go away.)
 * @param listener Gets the time since the request in milliseconds. */
export function onAnswered(
  app: FastifyInstance,
  listener: (request: FastifyRequest, reply: FastifyReply, ms: number) => void,
): void {
  app.addHook('onRequest', (request, reply, done) => {
    const beganAt = performance.now();
    reply.raw.once('close', () => listener(request, reply, performance.now() - beganAt));
    done();
  });
}

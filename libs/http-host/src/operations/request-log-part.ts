// One line for each request that was answered. The query, the headers and the body are left out: that
// is where secrets are.
import type { LogLevel } from '@basalt/capabilities';
import type { FastifyRequest } from 'fastify';
import type { HostContext, HostPart } from '../host-part.js';
import { RUN_ID_HEADER } from '../answer.js';
import { onAnswered, routeOf, sentStatus, wasCutOff } from './answered-request.js';

function levelOf(status: number): LogLevel {
  if (status >= 500) return 'error';
  return status >= 400 ? 'warn' : 'info';
}

/** Writes the log of requests, where the host has one. */
export const requestLogPart: HostPart = {
  name: 'request-log',
  install({ app, direct, options }: HostContext) {
    const { log, logRequests = true } = options.operations ?? {};
    if (log === undefined || !logRequests) return;
    direct.forbid();
    const clean = (text: string) => options.redactor?.redact(text) ?? text;
    // The address is known as long as the connection is, and for ever once it was asked for.
    const began = (request: FastifyRequest) => void request.raw.socket.remoteAddress;
    onAnswered(app, began, (request, reply, ms) => {
      const status = sentStatus(request, reply);
      const run_id = reply.getHeader(RUN_ID_HEADER);
      log.write(levelOf(status), 'request', {
        method: request.method,
        route: routeOf(request) ?? 'none',
        path: clean(request.url.split('?', 1)[0]!),
        status,
        ms: Math.round(ms * 1000) / 1000,
        ...(run_id === undefined ? {} : { run_id }),
        ...(request.client === '' ? {} : { client: request.client }),
        address: request.clientAddress,
        ...(wasCutOff(request, reply) ? { cut_off: true } : {}),
      });
    });
  },
};

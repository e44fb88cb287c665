// What a request gets that ends before or beside its handler: errors of the server, unknown paths, and
// bytes that are no HTTP.
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { diagnostic, type Diagnostic } from '@basalt/diagnostics';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { sendAnswer } from './answer.js';
import { errorEnvelope, failureAnswer, findingOf } from './failure-answer.js';
import type { HttpHostOptions } from './host-options.js';
import { statusOfCode } from './status-of-code.js';

/** Answers errors of handlers and hooks, and requests to unknown paths. */
export function addErrorHandlers(app: FastifyInstance, options: HttpHostOptions): void {
  const expose = options.exposeErrors ?? false;
  app.setErrorHandler((error, request, reply) => {
    const finding = findingOfServer(error as FastifyError, request);
    sendAnswer(reply, failureAnswer(finding, undefined, expose), undefined);
  });
  app.setNotFoundHandler((request, reply) => {
    const finding = diagnostic.HTTP121({ path: pathOf(request) });
    sendAnswer(reply, failureAnswer(finding, undefined, expose), undefined);
  });
}

/** Answers requests that the router refuses, such as a path with a broken escape. */
export function refuseRequest(
  error: FastifyError,
  _request: FastifyRequest,
  reply: FastifyReply,
): void {
  const finding = diagnostic.HTTP120({ problem: firstLine(error.message) });
  sendAnswer(reply, failureAnswer(finding, undefined, false), undefined);
}

/** Answers what is no HTTP request, or comes too slowly, and closes the connection. */
export function refuseConnection(
  error: NodeJS.ErrnoException,
  socket: Socket,
  options: HttpHostOptions,
): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  endWithFinding(socket, connectionFinding(error, options));
}

/** Answers on a connection that is no longer the server's, and closes it. */
export function endWithFinding(socket: Duplex, finding: Diagnostic): void {
  const status = statusOfCode(finding.code);
  const body = JSON.stringify(errorEnvelope(finding, status, undefined, false));
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\ncontent-type: application/json; charset=utf-8\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
    () => socket.destroy(),
  );
}

function connectionFinding(error: NodeJS.ErrnoException, options: HttpHostOptions): Diagnostic {
  if (error.code === 'HPE_HEADER_OVERFLOW') {
    return diagnostic.HTTP126({ limit: options.maxHeaderBytes ?? 16 * 1024 });
  }
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return diagnostic.HTTP125({ timeout_ms: options.requestTimeoutMs ?? 30_000 });
  }
  return diagnostic.HTTP120({ problem: 'it is not valid HTTP/1.1' });
}

function findingOfServer(error: FastifyError, request: FastifyRequest): Diagnostic {
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return diagnostic.HTTP123({ limit: request.routeOptions.bodyLimit });
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE': {
      const type = JSON.stringify(request.headers['content-type'] ?? 'none');
      const trigger = request.routeOptions.config.invoked?.trigger.alias ?? pathOf(request);
      return diagnostic.HTTP124({ trigger, type });
    }
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return diagnostic.HTTP120({ problem: 'the body is not as long as Content-Length says' });
    default:
      return findingOf(error, request.id);
  }
}

function pathOf(request: FastifyRequest): string {
  const url = request.raw.url ?? '/';
  const at = url.indexOf('?');
  return at < 0 ? url : url.slice(0, at);
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0]!.replace(/\.$/, '');
}

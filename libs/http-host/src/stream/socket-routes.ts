// WebSocket on the routes of flows. An upgrade goes through the server's hooks as a GET request, so
// that whoever may not call a flow may not open a socket to it either.
import { ServerResponse, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { diagnostic, DiagnosticError } from '@basalt/diagnostics';
import { hashValue } from '@basalt/ir';
import { WebSocketServer } from 'ws';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { CompiledFlow, HttpRoute } from '../hosted-flow.js';
import type { HostContext } from '../host-part.js';
import { checkPayload } from '../invocation/check-payload.js';
import { fingerprintOf, idempotencyKeyIn } from '../invocation/idempotency-key.js';
import { withBytes } from '../invocation/with-bytes.js';
import { endWithFinding } from '../server-errors.js';
import type { KeptStreams } from './kept-streams.js';
import { CBOR_PROTOCOL, JSON_PROTOCOL } from './message-framing.js';
import { SocketSession } from './socket-session.js';
import { keyIsOver, StreamStarter, type StreamCall } from './stream-starter.js';

interface Upgrade {
  readonly socket: Duplex;
  readonly head: Buffer;
}

export class SocketRoutes {
  readonly #context: HostContext;
  readonly #kept: KeptStreams;
  readonly #upgrades = new WeakMap<IncomingMessage, Upgrade>();
  readonly #servers: WebSocketServer[] = [];

  constructor(context: HostContext, kept: KeptStreams) {
    this.#context = context;
    this.#kept = kept;
    const { app } = context;
    app.server.on('upgrade', (request, socket, head) => this.#route(request, socket, head));
    app.addHook('preClose', async () => this.#closeAll());
  }

  /** A function that takes a request over where it is an upgrade; else it gives false. */
  handlerFor(
    flow: CompiledFlow,
    route: HttpRoute,
    limit: number,
  ): (request: FastifyRequest, reply: FastifyReply) => boolean {
    const handleProtocols = (offered: ReadonlySet<string>) =>
      [JSON_PROTOCOL, CBOR_PROTOCOL].find((protocol) => offered.has(protocol)) ?? false;
    const options = { noServer: true, perMessageDeflate: false, maxPayload: limit };
    const server = new WebSocketServer({ ...options, handleProtocols });
    this.#servers.push(server);
    const starter = new StreamStarter(this.#context, flow, route, this.#kept, 'websocket');
    return (request, reply) => {
      const upgrade = this.#upgrades.get(request.raw);
      if (upgrade === undefined) return false;
      const key = idempotencyKeyIn(request.headers);
      reply.hijack();
      reply.raw.detachSocket(upgrade.socket as never);
      server.handleUpgrade(request.raw, upgrade.socket, upgrade.head, (socket) => {
        new SocketSession(socket, {
          exposeErrors: this.#context.options.exposeErrors ?? false,
          keepAliveMs: this.#context.options.streamKeepAliveMs ?? 15_000,
          isOver: () => keyIsOver(key ?? ''),
          start: async (message, n, framing) => {
            const { trigger, bytesIn } = route;
            const isText = bytesIn !== undefined && framing.carriesBytes !== true;
            const payload = isText ? withBytes(trigger, bytesIn, message) : message;
            // The token may have been withdrawn since the socket was opened.
            const known = request.principal === null || request.may(flow.name, 'run');
            const refused = known ? checkPayload(trigger, payload) : diagnostic.HTTP202({});
            if (refused !== undefined) throw new DiagnosticError([refused]);
            const call = { request, payload, framing, isKept: key !== undefined };
            const messageKey = key === undefined ? undefined : keyOfMessage(key, n, call);
            return (await starter.start({ ...call, key: messageKey })).stream;
          },
        });
      });
      return true;
    };
  }

  /** Sends an upgrade through the router; what does not take it over answers and closes. */
  #route(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    const protocol = request.headers.upgrade ?? '';
    if (request.method !== 'GET' || protocol.toLowerCase() !== 'websocket') {
      const params = { path: request.url ?? '/', protocol: JSON.stringify(protocol) };
      endWithFinding(socket, diagnostic.HTTP127(params));
      return;
    }
    this.#upgrades.set(request, { socket, head });
    const response = new ServerResponse(request);
    response.shouldKeepAlive = false;
    response.assignSocket(socket as never);
    response.once('finish', () => socket.end());
    this.#context.app.routing(request, response);
  }

  #closeAll(): void {
    for (const server of this.#servers) {
      for (const socket of server.clients) {
        socket.close(1001, 'the host is shutting down');
        setTimeout(() => socket.terminate(), 500).unref();
      }
      server.close();
    }
  }
}

/** The key of a handshake names all that its socket asks for: the `n`th message is the `n`th call. */
function keyOfMessage(key: string, n: number, { request, payload, framing }: StreamCall) {
  const fingerprint = hashValue([framing.type, fingerprintOf(request.raw, payload)]);
  return { text: `${key}/${n}`, fingerprint };
}

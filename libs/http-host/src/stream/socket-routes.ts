// WebSocket on the routes of flows. An upgrade goes through the server's hooks as a GET request, so
// that whoever may not call a flow may not open a socket to it either.
import { ServerResponse, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { diagnostic, DiagnosticError } from '@basalt/diagnostics';
import { WebSocketServer } from 'ws';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { CompiledFlow, HttpRoute } from '../hosted-flow.js';
import type { HostContext } from '../host-part.js';
import { checkPayload } from '../invocation/check-payload.js';
import { RequestMetadata } from '../invocation/request-metadata.js';
import { newRunId } from '../run-hub.js';
import { endWithFinding } from '../server-errors.js';
import { CBOR_PROTOCOL, JSON_PROTOCOL, SocketSession } from './socket-session.js';

interface Upgrade {
  readonly socket: Duplex;
  readonly head: Buffer;
}

export class SocketRoutes {
  readonly #context: HostContext;
  readonly #upgrades = new WeakMap<IncomingMessage, Upgrade>();
  readonly #servers: WebSocketServer[] = [];

  constructor(context: HostContext) {
    this.#context = context;
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
    return (request, reply) => {
      const upgrade = this.#upgrades.get(request.raw);
      if (upgrade === undefined) return false;
      reply.hijack();
      reply.raw.detachSocket(upgrade.socket as never);
      server.handleUpgrade(request.raw, upgrade.socket, upgrade.head, (socket) => {
        new SocketSession(socket, {
          exposeErrors: this.#context.options.exposeErrors ?? false,
          keepAliveMs: this.#context.options.streamKeepAliveMs ?? 15_000,
          start: (payload) => {
            // The token may have been withdrawn since the socket was opened.
            const known = request.principal === null || request.may(flow.name, 'run');
            const refused = known ? checkPayload(route.trigger, payload) : diagnostic.HTTP202({});
            if (refused !== undefined) throw new DiagnosticError([refused]);
            const metadata = new RequestMetadata(request, undefined);
            const trigger = route.trigger.alias;
            const mode = 'stream' as const;
            const invoke = { trigger, payload, metadata, mode, runId: newRunId(flow) };
            const origin = { client: request.client, source: 'websocket' };
            return this.#context.runs.start(flow, invoke, origin);
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

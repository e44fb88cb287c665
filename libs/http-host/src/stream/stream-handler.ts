// The handler of triggers that respond with a stream: as Server-Sent Events, which a reader can resume
// with Last-Event-ID, or as a sequence of items, by what the caller accepts.
import { diagnostic, DiagnosticError } from '@basalt/diagnostics';
import type { Value } from '@basalt/ir';
import { PassThrough } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RUN_ID_HEADER, sendAnswer } from '../answer.js';
import { failureAnswer, failureOf } from '../failure-answer.js';
import type { CompiledFlow, HttpRoute } from '../hosted-flow.js';
import type { HostContext } from '../host-part.js';
import { prefers } from '../invocation/accepted-type.js';
import { checkPayload } from '../invocation/check-payload.js';
import { fingerprintOf, idempotencyKeyIn } from '../invocation/idempotency-key.js';
import { EVENT_TYPE, eventFraming } from './event-framing.js';
import { CBOR_SEQUENCE, NDJSON } from './item-framing.js';
import { parseEventId, type KeptStreams } from './kept-streams.js';
import type { OutputStream } from './output-stream.js';
import type { StreamFraming } from './stream-framing.js';
import { keyIsOver, StreamStarter, type StreamCall } from './stream-starter.js';

export class StreamHandler {
  readonly #context: HostContext;
  readonly #route: HttpRoute;
  readonly #starter: StreamStarter;
  readonly #events: StreamFraming;

  constructor(context: HostContext, flow: CompiledFlow, route: HttpRoute, kept: KeptStreams) {
    this.#context = context;
    this.#route = route;
    this.#starter = new StreamStarter(context, flow, route, kept, 'http');
    this.#events = eventFraming(context.options.streamRetryMs ?? 1000);
  }

  handle(request: FastifyRequest, reply: FastifyReply): void {
    const last = request.headers['last-event-id'];
    if (typeof last === 'string' && last !== '') {
      this.#goOn(request, reply, last);
      return;
    }
    const payload = (request.body ?? null) as Value;
    const refused = checkPayload(this.#route.trigger, payload);
    if (refused !== undefined) throw new DiagnosticError([refused]);
    const text = idempotencyKeyIn(request.headers);
    const key =
      text === undefined ? undefined : { text, fingerprint: fingerprintOf(request.raw, payload) };
    const framing = this.#framingFor(request);
    const isKept = framing === this.#events || key !== undefined;
    const call = { request, payload, framing, isKept, key };
    this.#begin(call, reply).catch((error: unknown) => void reply.send(error));
  }

  /** A reader comes back after the frame that it names. */
  #goOn(request: FastifyRequest, reply: FastifyReply, last: string): void {
    const id = parseEventId(last);
    const problem = id === undefined ? 'this host sends no such ids' : 'it is no longer kept';
    const event = JSON.stringify(last);
    const gap = () => new DiagnosticError([diagnostic.HTTP141({ event, problem })]);
    const stream = id === undefined ? undefined : this.#starter.find(request, id.runId);
    if (id === undefined || stream === undefined) throw gap();
    this.#give(reply, stream, id.seq, gap);
  }

  async #begin(call: StreamCall, reply: FastifyReply): Promise<void> {
    const { stream, isRepeat } = await this.#starter.start(call);
    // Whoever left without a key has nothing by which to come back.
    if (reply.raw.destroyed && call.key === undefined) {
      stream.abandon();
      return;
    }
    // An execution that was refused has its result at once: it can still have a status of its own.
    const refused = isRepeat ? undefined : await stream.refusal();
    if (refused === undefined) {
      this.#give(reply, stream, 0, () => keyIsOver(call.key?.text ?? ''));
      return;
    }
    stream.abandon();
    if (refused.summary.nodes.length === 0) this.#starter.forget(call);
    const { finding, status } = failureOf(refused);
    const expose = this.#context.options.exposeErrors ?? false;
    sendAnswer(reply, failureAnswer(finding, stream.runId, expose, status), stream.runId);
  }

  /** Nothing left to send is 204, which tells an EventSource not to come back. */
  #give(reply: FastifyReply, stream: OutputStream, seq: number, gap: () => DiagnosticError): void {
    const { raw } = reply;
    const body = new PassThrough();
    // What is closed under the writer is its concern, not an error of the server.
    body.on('error', () => undefined);
    const attached = stream.attach(body, seq);
    if (attached === 'gap') throw gap();
    reply.header(RUN_ID_HEADER, stream.runId);
    if (attached === 'ended') {
      reply.code(204).send();
      return;
    }
    if (raw.destroyed) body.destroy();
    reply.header('content-type', stream.type).header('cache-control', 'no-store');
    reply.header('x-accel-buffering', 'no').send(body);
  }

  #framingFor({ headers }: FastifyRequest): StreamFraming {
    const { accept } = headers;
    if (accept === undefined || accept === '*/*' || accept === EVENT_TYPE) return this.#events;
    if (prefers(accept, 'application/x-ndjson', EVENT_TYPE)) return NDJSON;
    if (prefers(accept, 'application/cbor-seq', EVENT_TYPE)) return CBOR_SEQUENCE;
    return this.#events;
  }
}

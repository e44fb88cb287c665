// The handler of triggers that respond with a stream: as Server-Sent Events, which a reader can resume
// with Last-Event-ID, or as a sequence of items, by what the caller accepts.
import { diagnostic, DiagnosticError } from '@basalt/diagnostics';
import type { Run, RunResult } from '@basalt/executor';
import type { Value } from '@basalt/ir';
import { PassThrough } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RUN_ID_HEADER, sendAnswer } from '../answer.js';
import { errorEnvelope, failureAnswer, failureOf, type ErrorEnvelope } from '../failure-answer.js';
import type { CompiledFlow, HttpRoute } from '../hosted-flow.js';
import type { HostContext } from '../host-part.js';
import { checkPayload } from '../invocation/check-payload.js';
import { fingerprintOf, idempotencyKeyIn } from '../invocation/idempotency-key.js';
import { prefers } from '../invocation/accepted-type.js';
import { RequestMetadata } from '../invocation/request-metadata.js';
import { CALLER_GONE, newRunId } from '../run-hub.js';
import { EventStream } from './event-stream.js';
import { parseEventId, type EventStreams } from './event-streams.js';
import { StreamKeys } from './stream-keys.js';
import { CBOR_SEQUENCE, NDJSON, writeItems, type ItemFormat } from './write-items.js';

const EVENTS = 'text/event-stream';

export class StreamHandler {
  readonly #context: HostContext;
  readonly #flow: CompiledFlow;
  readonly #route: HttpRoute;
  readonly #streams: EventStreams;
  readonly #keys: StreamKeys;

  constructor(context: HostContext, flow: CompiledFlow, route: HttpRoute, streams: EventStreams) {
    this.#context = context;
    this.#flow = flow;
    this.#route = route;
    this.#streams = streams;
    this.#keys = new StreamKeys(context.options);
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
    const key = idempotencyKeyIn(request.headers);
    const fail = (error: unknown) => void reply.send(error);
    if (key === undefined) this.#begin(request, reply, payload, newRunId(this.#flow)).catch(fail);
    else this.#repeatable(request, reply, payload, key).catch(fail);
  }

  /** A reader comes back after the event that it names. */
  #goOn(request: FastifyRequest, reply: FastifyReply, last: string): void {
    const id = parseEventId(last);
    const problem = id === undefined ? 'this host sends no such ids' : 'it is no longer kept';
    const event = JSON.stringify(last);
    const gap = () => new DiagnosticError([diagnostic.HTTP141({ event, problem })]);
    if (id === undefined) throw gap();
    this.#resume(reply, this.#ownerOf(request), id.runId, id.seq, gap);
  }

  async #repeatable(request: FastifyRequest, reply: FastifyReply, payload: Value, key: string) {
    const owner = this.#ownerOf(request);
    const slot = `${owner}\n${key}`;
    const fingerprint = fingerprintOf(request.raw, payload);
    const known = this.#keys.find(slot, key, fingerprint);
    if (known !== undefined) {
      const gap = () => new DiagnosticError([diagnostic.HTTP132({ key: JSON.stringify(key) })]);
      this.#resume(reply, owner, known, 0, gap);
      return;
    }
    const runId = newRunId(this.#flow);
    // Before anything is waited for: two requests at once must not both run.
    this.#keys.remember(slot, fingerprint, runId);
    try {
      await this.#begin(request, reply, payload, runId, key);
    } catch (error) {
      this.#keys.forget(slot);
      throw error;
    }
  }

  async #begin(
    request: FastifyRequest,
    reply: FastifyReply,
    payload: Value,
    runId: string,
    key?: string,
  ): Promise<void> {
    const metadata = new RequestMetadata(request, key);
    const trigger = this.#route.trigger.alias;
    const invoke = { trigger, payload, metadata, runId, mode: 'stream' as const };
    const origin = { client: request.client, source: 'http' };
    const run = await this.#context.runs.start(this.#flow, invoke, origin);
    // An execution that was refused has its result at once: it can still have a status of its own.
    const ended = await Promise.race([run.result, undefined]);
    if (ended !== undefined && ended.status !== 'completed') {
      const { finding, status } = failureOf(ended);
      sendAnswer(reply, failureAnswer(finding, run.id, this.#expose, status), run.id);
    } else if (reply.raw.destroyed) {
      void run.cancel(CALLER_GONE);
    } else {
      const format = itemFormat(request);
      if (format === undefined) this.#openEvents(request, reply, run);
      else await this.#sendItems(reply, run, format);
    }
  }

  #openEvents(request: FastifyRequest, reply: FastifyReply, run: Run): void {
    const { options } = this.#context;
    const stream = new EventStream(run, {
      keepAliveMs: options.streamKeepAliveMs ?? 15_000,
      retryMs: options.streamRetryMs ?? 1000,
      graceMs: options.resumeGraceMs ?? 10_000,
      replayEvents: options.replayEvents ?? 256,
      replayBytes: options.replayBytes ?? 256 * 1024,
      envelopeOf: (result) => this.#envelopeOf(run, result),
      onAbandoned: () => void run.cancel(CALLER_GONE),
      onForgotten: () => this.#streams.remove(run.id),
    });
    this.#streams.add(run.id, { stream, owner: this.#ownerOf(request) });
    stream.attach(startBody(reply, EVENTS, run.id), 0);
  }

  async #sendItems(reply: FastifyReply, run: Run, format: ItemFormat): Promise<void> {
    const out = startBody(reply, format.type, run.id);
    out.once('close', () => void run.cancel(CALLER_GONE));
    await writeItems(run, out, format, (result) => this.#envelopeOf(run, result));
  }

  /** Nothing left to send is 204, which tells an EventSource not to come back. */
  #resume(
    reply: FastifyReply,
    owner: string,
    runId: string,
    seq: number,
    gap: () => DiagnosticError,
  ): void {
    const stream = this.#streams.find(runId, owner);
    const out = new PassThrough();
    const attached = stream?.attach(out, seq) ?? 'gap';
    if (attached === 'gap') throw gap();
    reply.header(RUN_ID_HEADER, runId);
    if (attached === 'ended') reply.code(204).send();
    else sendBody(reply, EVENTS, out);
  }

  get #expose(): boolean {
    return this.#context.options.exposeErrors ?? false;
  }

  #envelopeOf(run: Run, result: RunResult): ErrorEnvelope {
    const { finding, status } = failureOf(result);
    return errorEnvelope(finding, status, run.id, this.#expose);
  }

  #ownerOf(request: FastifyRequest): string {
    return `${this.#flow.id}\n${this.#route.trigger.alias}\n${request.client}`;
  }
}

function itemFormat({ headers }: FastifyRequest): ItemFormat | undefined {
  const { accept } = headers;
  if (accept === undefined || accept === '*/*' || accept === EVENTS) return undefined;
  if (prefers(accept, 'application/x-ndjson', EVENTS)) return NDJSON;
  if (prefers(accept, 'application/cbor-seq', EVENTS)) return CBOR_SEQUENCE;
  return undefined;
}

function startBody(reply: FastifyReply, type: string, runId: string): PassThrough {
  const out = new PassThrough();
  reply.header(RUN_ID_HEADER, runId);
  sendBody(reply, type, out);
  return out;
}

function sendBody(reply: FastifyReply, type: string, out: PassThrough): void {
  // What is closed under the writer is its concern, not an error of the server.
  out.on('error', () => undefined);
  reply.header('content-type', type).header('cache-control', 'no-store');
  reply.header('x-accel-buffering', 'no').send(out);
}

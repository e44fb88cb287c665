// Starts executions whose outputs are streamed, by whatever protocol: with an idempotency key no more
// than once, and so that a reader that was cut off can come back where that is possible.
import { diagnostic, DiagnosticError } from '@basalt/diagnostics';
import type { RunResult } from '@basalt/executor';
import type { Value } from '@basalt/ir';
import type { FastifyRequest } from 'fastify';
import { errorEnvelope, failureOf, type ErrorEnvelope } from '../failure-answer.js';
import type { CompiledFlow, HttpRoute } from '../hosted-flow.js';
import type { HostContext } from '../host-part.js';
import { RequestMetadata } from '../invocation/request-metadata.js';
import { CALLER_GONE } from '../run-hub.js';
import { newRunId } from '../run-ids.js';
import type { KeptStreams } from './kept-streams.js';
import { OutputStream } from './output-stream.js';
import { bytesAsText, type StreamFraming } from './stream-framing.js';
import { StreamKeys } from './stream-keys.js';

/** One execution that is asked for. */
export interface StreamCall {
  readonly request: FastifyRequest;
  readonly payload: Value;
  readonly framing: StreamFraming;
  /** Whether a reader may come back to it. */
  readonly isKept: boolean;
  /** The idempotency key, and what tells two requests with it apart. */
  readonly key?: { readonly text: string; readonly fingerprint: string } | undefined;
}

export interface StreamStarted {
  readonly stream: OutputStream;
  /** The key was known: this is what an earlier call began. */
  readonly isRepeat: boolean;
}

export class StreamStarter {
  readonly #context: HostContext;
  readonly #flow: CompiledFlow;
  readonly #route: HttpRoute;
  readonly #kept: KeptStreams;
  /** Such as "http" or "websocket": streams of one cannot be read by the other. */
  readonly #source: string;
  readonly #keys: StreamKeys;

  constructor(
    context: HostContext,
    flow: CompiledFlow,
    route: HttpRoute,
    kept: KeptStreams,
    source: string,
  ) {
    this.#context = context;
    this.#flow = flow;
    this.#route = route;
    this.#kept = kept;
    this.#source = source;
    this.#keys = new StreamKeys(context.options);
  }

  /** The stream of the call; for a key that is known, the one that it began.
   * @throws DiagnosticError HTTP130 for a key of another call, HTTP132 where what the key began is no
   * longer kept, and what the hub refuses. */
  async start(call: StreamCall): Promise<StreamStarted> {
    const { key } = call;
    if (key === undefined) {
      return { stream: await this.#begin(call, newRunId()), isRepeat: false };
    }
    const slot = this.#slotOf(call);
    const known = this.#keys.find(slot, key.text, key.fingerprint);
    if (known !== undefined) {
      await known.begun;
      const stream = this.find(call.request, known.runId);
      if (stream === undefined) throw keyIsOver(key.text);
      return { stream, isRepeat: true };
    }
    const runId = newRunId();
    const begun = this.#begin(call, runId);
    // Before anything is waited for: two calls at once must not both run.
    this.#keys.remember(slot, key.fingerprint, runId, begun);
    try {
      return { stream: await begun, isRepeat: false };
    } catch (error) {
      this.#keys.forget(slot);
      throw error;
    }
  }

  /** Nothing was run for the key of a call: the next one with it starts anew. */
  forget(call: StreamCall): void {
    if (call.key !== undefined) this.#keys.forget(this.#slotOf(call));
  }

  /** A stream that this client started here before. */
  find(request: FastifyRequest, runId: string): OutputStream | undefined {
    return this.#kept.find(runId, this.#ownerOf(request));
  }

  envelopeOf(runId: string, result: RunResult): ErrorEnvelope {
    const { finding, status } = failureOf(result);
    return errorEnvelope(finding, status, runId, this.#context.options.exposeErrors ?? false);
  }

  async #begin(call: StreamCall, runId: string): Promise<OutputStream> {
    const { request, payload, isKept } = call;
    const { bytesOut } = this.#route;
    const framing = bytesOut === undefined ? call.framing : bytesAsText(call.framing, bytesOut);
    const { runs, options } = this.#context;
    const metadata = new RequestMetadata(request, call.key?.text);
    const trigger = this.#route.trigger.alias;
    const invoke = { trigger, payload, metadata, runId, mode: 'stream' as const };
    const origin = { client: request.client, source: this.#source };
    const run = await runs.start(this.#flow, invoke, origin);
    const stream = new OutputStream(run, {
      framing,
      keepAliveMs: options.streamKeepAliveMs ?? 15_000,
      graceMs: isKept ? (options.resumeGraceMs ?? 10_000) : 0,
      replayEvents: isKept ? (options.replayEvents ?? 256) : 0,
      replayBytes: isKept ? (options.replayBytes ?? 256 * 1024) : 0,
      envelopeOf: (result) => this.envelopeOf(run.id, result),
      onHeld: (isHeld) => this.#kept.hold(run.id, isHeld),
      onAbandoned: () => void run.cancel(CALLER_GONE),
      onForgotten: () => this.#kept.remove(run.id),
    });
    if (isKept) this.#kept.add(run.id, { stream, owner: this.#ownerOf(request) });
    return stream;
  }

  #slotOf({ request, key }: StreamCall): string {
    return `${this.#ownerOf(request)}\n${key!.text}`;
  }

  #ownerOf(request: FastifyRequest): string {
    return `${this.#source}\n${this.#flow.id}\n${this.#route.trigger.alias}\n${request.client}`;
  }
}

/** The key is known, and what it began can no longer be given from its beginning. */
export function keyIsOver(key: string): DiagnosticError {
  return new DiagnosticError([diagnostic.HTTP132({ key: JSON.stringify(key) })]);
}

// One WebSocket (RFC 6455) on the route of a flow. Each message of the client is the payload of an
// execution; messages are run one after the other, in their order. The host sends messages
// {type: "item", run_id, seq, value}, then {type: "end", run_id} or {type: "error", run_id, error, code,
// details}: as text with JSON, or as binary CBOR with the subprotocol basalt.cbor.v1.
import { diagnostic, DiagnosticError, type Diagnostic } from '@basalt/diagnostics';
import type { Run } from '@basalt/executor';
import { encodeCanonical, isPlainObject, valueFromJson, type Value } from '@basalt/ir';
import type { RawData, WebSocket } from 'ws';
import { errorEnvelope, failureOf, findingOf } from '../failure-answer.js';
import { readCborBody } from '../invocation/body-parsers.js';
import { readJsonBody } from '../invocation/read-json-body.js';
import { CALLER_GONE } from '../run-hub.js';
import { statusOfCode } from '../status-of-code.js';
import { jsonText } from '../value-answer.js';

export const JSON_PROTOCOL = 'basalt.json.v1';
export const CBOR_PROTOCOL = 'basalt.cbor.v1';

/** Messages that wait for their turn; a client that sends more is let go. */
const MAX_WAITING = 64;
/** RFC 6455 section 7.4.1, and the registry of IANA. */
const CLOSE = { policy: 1008, tryLater: 1013 } as const;

export interface SocketSessionOptions {
  readonly exposeErrors: boolean;
  /** A ping every so many milliseconds; a client that does not answer one is gone. */
  readonly keepAliveMs: number;
  /** Starts the execution of a payload. @throws DiagnosticError for a payload that is refused. */
  start(payload: Value): Run | Promise<Run>;
}

export class SocketSession {
  readonly #socket: WebSocket;
  readonly #options: SocketSessionOptions;
  readonly #isCbor: boolean;
  readonly #waiting: { readonly data: Buffer; readonly isBinary: boolean }[] = [];
  #isBusy = false;
  #run: Run | undefined = undefined;
  #isAlive = true;

  constructor(socket: WebSocket, options: SocketSessionOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#isCbor = socket.protocol === CBOR_PROTOCOL;
    const ping = setInterval(() => this.#ping(), options.keepAliveMs);
    socket.on('pong', () => (this.#isAlive = true));
    socket.on('message', (data, isBinary) => this.#take(data, isBinary));
    // Broken frames and messages that are too large: ws closes the connection with the right code.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearInterval(ping);
      this.#waiting.length = 0;
      void this.#run?.cancel(CALLER_GONE);
    });
  }

  #ping(): void {
    if (!this.#isAlive) {
      this.#socket.terminate();
      return;
    }
    this.#isAlive = false;
    this.#socket.ping();
  }

  #take(data: RawData, isBinary: boolean): void {
    if (this.#waiting.length >= MAX_WAITING) {
      const problem = `${MAX_WAITING} messages wait for their turn`;
      this.#socket.close(CLOSE.tryLater, diagnostic.HTTP142({ problem }).message);
      return;
    }
    const bytes = Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as Buffer);
    this.#waiting.push({ data: bytes, isBinary });
    if (!this.#isBusy) void this.#work();
  }

  async #work(): Promise<void> {
    this.#isBusy = true;
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      try {
        await this.#execute(this.#read(next.data, next.isBinary));
      } catch (error) {
        await this.#fail(findingOf(error, 'websocket'), undefined);
      }
    }
    this.#isBusy = false;
  }

  #read(data: Buffer, isBinary: boolean): Value {
    if (isBinary !== this.#isCbor) {
      const problem = isBinary ? 'binary messages need basalt.cbor.v1' : 'text is not CBOR';
      throw new DiagnosticError([diagnostic.HTTP142({ problem })]);
    }
    if (data.length === 0) return null;
    return isBinary ? readCborBody(data) : readJsonBody(data);
  }

  async #execute(payload: Value): Promise<void> {
    const run = await this.#options.start(payload);
    this.#run = run;
    if (this.#socket.readyState !== this.#socket.OPEN) {
      void run.cancel(CALLER_GONE);
      return;
    }
    let seq = 0;
    try {
      for await (const value of run.outputs()) {
        seq += 1;
        await this.#send({ type: 'item', run_id: run.id, seq, value });
      }
    } catch {
      // The result of the execution says it better.
    }
    const result = await run.result;
    this.#run = undefined;
    if (result.status === 'completed') await this.#send({ type: 'end', run_id: run.id });
    else await this.#fail(failureOf(result).finding, run.id);
  }

  #fail(finding: Diagnostic, runId: string | undefined): Promise<void> {
    const { exposeErrors } = this.#options;
    const envelope = errorEnvelope(finding, statusOfCode(finding.code), runId, exposeErrors);
    const plain = valueFromJson(JSON.parse(JSON.stringify(envelope)) as unknown);
    return this.#send({
      type: 'error',
      ...(isPlainObject(plain as object) ? (plain as object) : {}),
    });
  }

  /** Resolves when the message has left this process, so that a slow reader slows the flow. */
  #send(message: Readonly<Record<string, Value>>): Promise<void> {
    if (this.#socket.readyState !== this.#socket.OPEN) return Promise.resolve();
    const data = this.#isCbor ? encodeCanonical(message) : jsonText(message);
    return new Promise((resolve) => this.#socket.send(data, () => resolve()));
  }
}

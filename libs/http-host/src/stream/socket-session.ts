// One WebSocket (RFC 6455) on the route of a flow. Each message of the client is the payload of an
// execution; messages are run one after the other, in their order. What the host sends is in
// message-framing.ts: text with JSON, or binary CBOR with the subprotocol basalt.cbor.v1.
import { diagnostic, DiagnosticError, type Diagnostic } from '@basalt/diagnostics';
import type { Value } from '@basalt/ir';
import type { RawData, WebSocket } from 'ws';
import { errorEnvelope, findingOf } from '../failure-answer.js';
import { readCborBody } from '../invocation/body-parsers.js';
import { readJsonBody } from '../invocation/read-json-body.js';
import { statusOfCode } from '../status-of-code.js';
import { CBOR_MESSAGES, CBOR_PROTOCOL, JSON_MESSAGES } from './message-framing.js';
import type { OutputStream } from './output-stream.js';
import { SocketWriter } from './socket-writer.js';
import type { StreamFraming } from './stream-framing.js';

/** Messages that wait for their turn, and their bytes; a client that sends more is let go. */
const MAX_WAITING = 64;
const MAX_WAITING_BYTES = 4 * 1024 * 1024;
/** RFC 6455 section 7.4.1, and the registry of IANA. */
const CLOSE = { policy: 1008, tryLater: 1013 } as const;

export interface SocketSessionOptions {
  readonly exposeErrors: boolean;
  /** A ping every so many milliseconds; a client that does not answer one is gone. */
  readonly keepAliveMs: number;
  /** Starts the execution of a payload, that of the `n`th message.
   * @throws DiagnosticError for a payload that is refused. */
  start(payload: Value, n: number, framing: StreamFraming): Promise<OutputStream>;
  /** Why a stream cannot be given from its beginning. */
  isOver(): Error;
}

export class SocketSession {
  readonly #socket: WebSocket;
  readonly #options: SocketSessionOptions;
  readonly #framing: StreamFraming;
  readonly #waiting: { readonly data: Buffer; readonly isBinary: boolean }[] = [];
  #waitingBytes = 0;
  #isBusy = false;
  #taken = 0;
  #writer: SocketWriter | undefined = undefined;
  #isAlive = true;

  constructor(socket: WebSocket, options: SocketSessionOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#framing = socket.protocol === CBOR_PROTOCOL ? CBOR_MESSAGES : JSON_MESSAGES;
    const ping = setInterval(() => this.#ping(), options.keepAliveMs);
    socket.on('pong', () => (this.#isAlive = true));
    socket.on('message', (data, isBinary) => this.#take(data, isBinary));
    // Broken frames and messages that are too large: ws closes the connection with the right code.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearInterval(ping);
      this.#waiting.length = 0;
      this.#writer?.destroy();
    });
  }

  /** What a slow client has yet to take stands before the ping: taking it shows life as well. */
  #ping(): void {
    if (!this.#isAlive && this.#writer?.tookAny() !== true) {
      this.#socket.terminate();
      return;
    }
    this.#isAlive = false;
    this.#socket.ping();
  }

  #take(data: RawData, isBinary: boolean): void {
    const bytes = Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as Buffer);
    this.#waitingBytes += bytes.length;
    const isTooMuch =
      this.#waiting.length >= MAX_WAITING ||
      (this.#waiting.length > 0 && this.#waitingBytes > MAX_WAITING_BYTES);
    if (isTooMuch) {
      const problem = `${this.#waiting.length} messages wait for their turn`;
      this.#socket.close(CLOSE.tryLater, diagnostic.HTTP142({ problem }).message);
      return;
    }
    this.#waiting.push({ data: bytes, isBinary });
    if (!this.#isBusy) void this.#work();
  }

  async #work(): Promise<void> {
    this.#isBusy = true;
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      this.#waitingBytes -= next.data.length;
      this.#taken += 1;
      try {
        await this.#execute(this.#read(next.data, next.isBinary), this.#taken);
      } catch (error) {
        await this.#fail(findingOf(error, 'websocket'));
      }
    }
    this.#isBusy = false;
  }

  #read(data: Buffer, isBinary: boolean): Value {
    if (isBinary !== (this.#framing === CBOR_MESSAGES)) {
      const problem = isBinary ? 'binary messages need basalt.cbor.v1' : 'text is not CBOR';
      throw new DiagnosticError([diagnostic.HTTP142({ problem })]);
    }
    if (data.length === 0) return null;
    return isBinary ? readCborBody(data) : readJsonBody(data);
  }

  async #execute(payload: Value, n: number): Promise<void> {
    const stream = await this.#options.start(payload, n, this.#framing);
    const writer = new SocketWriter(this.#socket);
    this.#writer = writer;
    const closed = writer.whenClosed();
    if (stream.attach(writer, 0) !== 'attached') throw this.#options.isOver();
    if (this.#socket.readyState !== this.#socket.OPEN) writer.destroy();
    await closed;
    this.#writer = undefined;
  }

  #fail(finding: Diagnostic): Promise<void> {
    if (this.#socket.readyState !== this.#socket.OPEN) return Promise.resolve();
    const { exposeErrors } = this.#options;
    const envelope = errorEnvelope(finding, statusOfCode(finding.code), undefined, exposeErrors);
    const frame = this.#framing.failure({ runId: '', seq: 0 }, envelope);
    return new Promise((resolve) => this.#socket.send(frame, () => resolve()));
  }
}

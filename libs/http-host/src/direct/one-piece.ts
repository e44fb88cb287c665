// Answers with a JSON text and no headers of their own, written as one string. A ServerResponse checks and
// joins the same headers each time and hands the system two pieces, which costs as much as a small flow.
import { STATUS_CODES, type ServerResponse } from 'node:http';
import { JSON_TYPE, RUN_ID_HEADER, type Answer } from '../answer.js';
import { httpDate } from './http-date.js';

/** What stands in every answer. */
export interface OnePieceOptions {
  /** Names and values of headers, in turn. */
  readonly headers: readonly string[];
  /** What an idle connection is told of its time, in milliseconds. */
  readonly keepAliveMs: number;
}

export class OnePiece {
  readonly #headers: string;
  readonly #connection: string;
  /** By status. */
  readonly #heads = new Map<number, string>();

  constructor({ headers, keepAliveMs }: OnePieceOptions) {
    let lines = '';
    for (let i = 0; i + 1 < headers.length; i += 2) lines += `${headers[i]}: ${headers[i + 1]}\r\n`;
    this.#headers = `${lines}content-type: ${JSON_TYPE}\r\n`;
    const seconds = Math.floor(keepAliveMs / 1000);
    const stays = keepAliveMs === 0 ? '' : `Keep-Alive: timeout=${seconds}\r\n`;
    this.#connection = `\r\nConnection: keep-alive\r\n${stays}\r\n`;
  }

  /** Writes an answer, and lets the connection go on to its next request. False where it is not one of
   * these, the connection is to be closed, or something else is to be sent first: then nothing was done. */
  write(response: ServerResponse, answer: Answer, runId: string | undefined): boolean {
    const { socket } = response;
    const { status, body } = answer;
    if (socket === null || socket.destroyed || socket.writableLength > 0) return false;
    if (!response.shouldKeepAlive || response.headersSent) return false;
    if (answer.type !== JSON_TYPE || answer.headers.length > 0 || typeof body !== 'string') {
      return false;
    }
    const length = Buffer.byteLength(body);
    const id = runId === undefined ? '' : `${RUN_ID_HEADER}: ${runId}\r\n`;
    const head = `${this.#headOf(status)}${id}content-length: ${length}\r\nDate: ${httpDate()}`;
    response.statusCode = status;
    // ASCII is copied faster than UTF-8 is written.
    const encoding = length === body.length ? 'latin1' : 'utf8';
    socket.write(`${head}${this.#connection}${body}`, encoding);
    if (socket.writableLength === 0) finish(response);
    else socket.write('', (error) => (error ? undefined : finish(response)));
    return true;
  }

  #headOf(status: number): string {
    let head = this.#heads.get(status);
    if (head === undefined) {
      head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'unknown'}\r\n${this.#headers}`;
      this.#heads.set(status, head);
    }
    return head;
  }
}

/** The answer is with the system. What the server then does (it counts the request as answered, lets the
 * next one of the connection write, starts the time of an idle connection) hangs on this event. */
function finish(response: ServerResponse): void {
  response.emit('finish');
}

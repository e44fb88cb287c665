// The body of an answer that is written bit by bit. A reader that takes nothing for too long, while
// something waits for it, is cut off: else whoever vanishes without a word would hold its execution.
import type { ServerResponse } from 'node:http';
import { PassThrough } from 'node:stream';

export class AnswerBody extends PassThrough {
  readonly #answer: ServerResponse;
  readonly #stallMs: number;

  /** @param stallMs Milliseconds without any byte taken. */
  constructor(answer: ServerResponse, stallMs: number) {
    super();
    this.#answer = answer;
    this.#stallMs = stallMs;
    // What is closed under the writer is its concern, not an error of the server.
    this.on('error', () => undefined);
  }

  /** Node's timer of the connection starts anew with every piece that the other side takes; where it
   * runs out, the server destroys the connection. */
  hold(isHeld: boolean): void {
    this.#answer.socket?.setTimeout(isHeld ? this.#stallMs : 0);
  }
}

// A WebSocket as the reader of a stream: one frame at a time, the next when the last has left this
// process, so that a slow reader slows the flow. Its end ends no more than the stream.
import { Writable } from 'node:stream';
import type { WebSocket } from 'ws';
import type { Frame } from './stream-framing.js';

export class SocketWriter extends Writable {
  readonly #socket: WebSocket;
  #tookAny = false;

  constructor(socket: WebSocket) {
    super({ objectMode: true, highWaterMark: 1 });
    this.#socket = socket;
    this.on('error', () => undefined);
  }

  override _write(frame: Frame, _encoding: string, done: (error?: Error | null) => void): void {
    if (this.#socket.readyState !== this.#socket.OPEN) done(new Error('the socket is closed'));
    else {
      this.#socket.send(frame, (error) => {
        this.#tookAny ||= error === undefined || error === null;
        done(error);
      });
    }
  }

  /** Whether a frame has left this process since the last time of asking. */
  tookAny(): boolean {
    const tookAny = this.#tookAny;
    this.#tookAny = false;
    return tookAny;
  }

  /** Resolves when the stream has ended, or the socket is gone. */
  whenClosed(): Promise<void> {
    return new Promise((resolve) => this.once('close', resolve));
  }
}

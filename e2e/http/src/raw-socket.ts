// A connection on which a test writes whatever it likes.
import { connect, type Socket } from 'node:net';

export class RawSocket {
  readonly socket: Socket;
  /** All that came, as Latin-1. */
  text = '';
  /** Resolves when the other side has ended or reset the connection. */
  readonly closed: Promise<void>;
  #isClosed = false;
  #wake: () => void = () => undefined;

  constructor(port: number) {
    this.socket = connect(port, '127.0.0.1');
    this.socket.setEncoding('latin1').setNoDelay(true);
    this.socket.on('error', () => undefined);
    this.socket.on('data', (text: string) => {
      this.text += text;
      this.#wake();
    });
    this.closed = new Promise((resolve) =>
      this.socket.once('close', () => {
        this.#isClosed = true;
        this.#wake();
        resolve();
      }),
    );
  }

  write(text: string | Uint8Array): void {
    if (typeof text === 'string') this.socket.write(text, 'latin1');
    else this.socket.write(text);
  }

  /** Waits for text; undefined where the connection ends before. */
  async until(found: RegExp): Promise<RegExpExecArray | undefined> {
    for (;;) {
      const match = found.exec(this.text);
      if (match !== null) return match;
      if (this.#isClosed) return undefined;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  /** The statuses of all answers so far. */
  statuses(): readonly number[] {
    return [...this.text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map((match) => Number(match[1]));
  }

  destroy(): void {
    this.socket.destroy();
  }

  /** Goes without a word that the other side could wait for: what it sends from now on is answered by
   * a reset. */
  reset(): void {
    this.socket.resetAndDestroy();
  }
}

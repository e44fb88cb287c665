// Cuts off connections whose other side takes nothing while something waits for it: else whoever stops
// reading, or vanishes without a word, would hold its answer and its execution for as long as it likes.
// A look now and then at what waits costs no request anything. What counts as taking is for the timer of
// the connection to say: Node starts it anew with every piece that the system accepts.
import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** The longest pause between two looks, in milliseconds. */
const MAX_PAUSE_MS = 5_000;

export class StalledReaders {
  readonly #sockets = new Set<Socket>();
  /** The limit on connections that are watched, by the one that they had before. */
  readonly #watched = new Map<Socket, number>();
  readonly #limitMs: number;
  readonly #timer: NodeJS.Timeout;

  /** @param limitMs longest time without a byte taken. @param idleMs how long idle connections live: the
   * server sets it itself, and it must be told from the limit. */
  constructor(server: Server, limitMs: number, idleMs: number) {
    this.#limitMs = limitMs === idleMs ? limitMs + 1 : limitMs;
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => {
        this.#sockets.delete(socket);
        this.#watched.delete(socket);
      });
    });
    // Three looks in the time of the limit: one that began to read again is seen before it is over.
    this.#timer = setInterval(() => this.#look(), Math.min(limitMs / 3, MAX_PAUSE_MS)).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    for (const socket of this.#sockets) {
      const isWatched = this.#watched.has(socket);
      if (socket.writableLength > 0 && !isWatched) this.#watch(socket);
      else if (socket.writableLength === 0 && isWatched) this.#release(socket);
    }
  }

  #watch(socket: Socket): void {
    this.#watched.set(socket, socket.timeout ?? 0);
    socket.setTimeout(this.#limitMs);
    socket.on('timeout', cut);
  }

  #release(socket: Socket): void {
    const before = this.#watched.get(socket) ?? 0;
    this.#watched.delete(socket);
    socket.off('timeout', cut);
    // Where the answer is over, the server has set the limit of idle connections.
    if (socket.timeout === this.#limitMs) socket.setTimeout(before);
  }
}

function cut(this: Socket): void {
  if (this.writableLength > 0) this.destroy();
}

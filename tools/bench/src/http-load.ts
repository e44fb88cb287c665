// A load generator that costs little beside the server that it drives: keep-alive connections, one
// request at a time on each, bytes read into one buffer a connection, every answer checked.
import { connect, type Socket } from 'node:net';

export interface LoadResult {
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

const BODY = '{"text":"  Hello World  "}';
const ANSWER = Buffer.from('\r\n\r\n{"text":"hello world"}');
const STATUS = Buffer.from('HTTP/1.1 200 ');
const REQUEST = Buffer.from(
  'POST /echo HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n' +
    `content-length: ${BODY.length}\r\n\r\n${BODY}`,
);
const READ_BYTES = 16 * 1024;

/** Sends `requests` echo requests over `connections` connections and checks every answer. */
export async function driveEcho(
  port: number,
  requests: number,
  connections: number,
): Promise<LoadResult> {
  const load = new EchoLoad(port, requests);
  await load.open(connections);
  const start = performance.now();
  await load.run();
  const seconds = (performance.now() - start) / 1000;
  const latencies = load.latencies.sort();
  const at = (share: number) => latencies[Math.min(requests - 1, Math.floor(requests * share))]!;
  return { requestsPerSecond: requests / seconds, p50Ms: at(0.5), p99Ms: at(0.99) };
}

class EchoLoad {
  /** Milliseconds, in the order of the answers. */
  readonly latencies: Float64Array;
  readonly #port: number;
  readonly #connections: Connection[] = [];
  #toSend: number;
  #answered = 0;
  #done: (() => void) | undefined;
  #failed: ((error: Error) => void) | undefined;

  constructor(port: number, requests: number) {
    this.#port = port;
    this.#toSend = requests;
    this.latencies = new Float64Array(requests);
  }

  async open(connections: number): Promise<void> {
    const opened: Promise<void>[] = [];
    for (let i = 0; i < connections; i += 1) {
      const connection = new Connection(this.#port, {
        answered: (ms) => this.#answer(connection, ms),
        failed: (error) => this.#failed?.(error),
      });
      this.#connections.push(connection);
      opened.push(connection.opened);
    }
    await Promise.all(opened);
  }

  async run(): Promise<void> {
    try {
      await new Promise<void>((done, failed) => {
        this.#done = done;
        this.#failed = failed;
        for (const connection of this.#connections) this.#next(connection);
      });
    } finally {
      for (const connection of this.#connections) connection.close();
    }
  }

  #next(connection: Connection): void {
    if (this.#toSend === 0) return;
    this.#toSend -= 1;
    connection.send();
  }

  #answer(connection: Connection, ms: number): void {
    this.latencies[this.#answered] = ms;
    this.#answered += 1;
    if (this.#answered === this.latencies.length) this.#done!();
    else this.#next(connection);
  }
}

interface Listener {
  answered(ms: number): void;
  failed(error: Error): void;
}

class Connection {
  readonly opened: Promise<void>;
  readonly #socket: Socket;
  readonly #listener: Listener;
  #sentAt = 0;
  /** Parts of an answer that came in more than one piece. */
  #part: Buffer | undefined;

  constructor(port: number, listener: Listener) {
    this.#listener = listener;
    const buffer = Buffer.allocUnsafe(READ_BYTES);
    const callback = (bytes: number) => this.#take(buffer.subarray(0, bytes));
    this.#socket = connect({
      host: '127.0.0.1',
      port,
      noDelay: true,
      onread: { buffer, callback: (bytes) => (callback(bytes), true) },
    });
    this.opened = new Promise((resolve, reject) => {
      this.#socket.once('connect', resolve).once('error', reject);
    });
    this.#socket.on('error', (error) => listener.failed(error));
    this.#socket.on('end', () => listener.failed(new Error('the server closed a connection')));
  }

  send(): void {
    this.#sentAt = performance.now();
    this.#socket.write(REQUEST);
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(piece: Buffer): void {
    const got = this.#part === undefined ? piece : Buffer.concat([this.#part, piece]);
    if (isWhole(got)) {
      this.#part = undefined;
      this.#listener.answered(performance.now() - this.#sentAt);
    } else if (got.length < READ_BYTES && !hasBody(got)) {
      this.#part = Buffer.from(got);
    } else {
      this.#listener.failed(new Error(`unexpected answer: ${got.toString('latin1')}`));
    }
  }
}

/** Whether the bytes are the answer, from its status to the end of its body. */
function isWhole(got: Buffer): boolean {
  const end = got.length;
  return (
    got.compare(STATUS, 0, STATUS.length, 0, STATUS.length) === 0 &&
    got.compare(ANSWER, 0, ANSWER.length, Math.max(0, end - ANSWER.length), end) === 0
  );
}

/** Whether a body as long as the right one has come. */
function hasBody(got: Buffer): boolean {
  const head = got.indexOf('\r\n\r\n');
  return head >= 0 && got.length - head >= ANSWER.length;
}

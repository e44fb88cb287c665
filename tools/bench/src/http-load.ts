// A load generator that costs little beside the server that it drives: keep-alive connections, one
// request at a time on each, answers told apart by their length.
import { connect, type Socket } from 'node:net';

export interface LoadResult {
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

const BODY = '{"text":"  Hello World  "}';
const ANSWER = '{"text":"hello world"}';

/** Sends `requests` echo requests over `connections` connections and checks every answer. */
export async function driveEcho(
  port: number,
  requests: number,
  connections: number,
): Promise<LoadResult> {
  const latencies: number[] = [];
  let left = requests;
  const sockets = await Promise.all(Array.from({ length: connections }, () => open(port)));
  const start = performance.now();
  const loops = sockets.map(async (socket) => {
    while (left > 0) {
      left -= 1;
      latencies.push(await exchange(socket));
    }
  });
  await Promise.all(loops);
  const seconds = (performance.now() - start) / 1000;
  for (const socket of sockets) socket.destroy();
  latencies.sort((a, b) => a - b);
  const at = (share: number) =>
    latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))]!;
  return { requestsPerSecond: latencies.length / seconds, p50Ms: at(0.5), p99Ms: at(0.99) };
}

const REQUEST =
  'POST /echo HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n' +
  `content-length: ${BODY.length}\r\n\r\n${BODY}`;

function open(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true });
    socket.once('connect', () => resolve(socket));
    socket.once('error', reject);
    socket.setEncoding('latin1');
  });
}

function exchange(socket: Socket): Promise<number> {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    let got = '';
    const onData = (chunk: string) => {
      got += chunk;
      if (!got.includes('\r\n\r\n') || !got.endsWith('}')) return;
      socket.off('data', onData);
      if (got.endsWith(ANSWER)) resolve(performance.now() - start);
      else reject(new Error(`unexpected answer: ${got}`));
    };
    socket.on('data', onData);
    socket.write(REQUEST);
  });
}

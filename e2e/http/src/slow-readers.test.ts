// Readers that take nothing: the flow waits for them, memory stays as it was, and they are let go.
import { connect, type Socket } from 'node:net';
import { WebSocket } from 'ws';
import { jsonPost } from './json-request.js';
import { metric, until } from './metrics.js';
import { endServed, ownFlow, residentMegabytes, serve, type Served } from './served-process.js';

/** What all of them ask for, were it made: 16 GiB. What one asks for: 512 MiB. */
const READERS = 32;
const BLOCKS = { blocks: 8192, bytes: 64 * 1024 };
/** What may come on top: connections, and for each what the process and its streams buffer, with much
 * room for the collector. */
const GROWTH_MB = 200;

const sockets: Socket[] = [];
const upgraded: WebSocket[] = [];
let host: Served;
beforeAll(async () => {
  const own = ['flood', 'large', 'ticks'].map(ownFlow);
  host = await serve([...own, 's1_echo', '--no-viewer', '--resume-grace-ms', '0']);
});
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const socket of upgraded.splice(0)) socket.terminate();
});
afterAll(endServed);

/** Posts, and never reads. */
function postAndWait(port: number, path: string, payload: unknown, accept = '*/*'): Socket {
  const socket = connect(port, '127.0.0.1');
  sockets.push(socket);
  socket.on('error', () => undefined);
  socket.pause();
  const body = JSON.stringify(payload);
  socket.write(
    `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n` +
      `accept: ${accept}\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  );
  return socket;
}

/** Waits until the node `pour` makes nothing more, and gives how often it was asked. */
async function whenStill(): Promise<number> {
  const captured = () => metric(host, 'basalt_executor_capture_backpressure_ms_count');
  let before = -1;
  let now = await captured();
  while (before !== now) {
    before = now;
    await new Promise((resolve) => setTimeout(resolve, 300));
    now = await captured();
  }
  return now;
}

async function settledMegabytes(): Promise<number> {
  await fetch(`${host.url}/echo`, jsonPost({ text: 'a' }));
  return residentMegabytes(host);
}

describe.each([
  ['event streams', '*/*'],
  ['NDJSON', 'application/x-ndjson'],
])('%s that nobody reads', (_name, accept) => {
  it('make the flow wait, and memory does not grow', async () => {
    const before = await settledMegabytes();
    for (let i = 0; i < READERS; i += 1) postAndWait(host.port, '/flood', BLOCKS, accept);
    await until(async () => (await metric(host, 'basalt_host_inflight_runs')) === READERS);
    await whenStill();
    expect((await settledMegabytes()) - before).toBeLessThan(GROWTH_MB);
    expect(await metric(host, 'basalt_host_inflight_runs')).toBe(READERS);
    for (const socket of sockets) socket.destroy();
    await until(async () => (await metric(host, 'basalt_host_inflight_runs')) === 0);
  });
});

it('WebSockets that nobody reads make the flow wait, and memory does not grow', async () => {
  const before = await settledMegabytes();
  for (let i = 0; i < READERS; i += 1) {
    const socket = new WebSocket(`ws://127.0.0.1:${host.port}/flood`);
    upgraded.push(socket);
    socket.once('open', () => {
      socket.pause();
      socket.send(JSON.stringify(BLOCKS));
    });
  }
  await until(async () => (await metric(host, 'basalt_host_inflight_runs')) === READERS);
  await whenStill();
  expect((await settledMegabytes()) - before).toBeLessThan(GROWTH_MB);
  for (const socket of upgraded) socket.terminate();
  await until(async () => (await metric(host, 'basalt_host_inflight_runs')) === 0);
});

it('a slow reader gets all of it, in its own time', async () => {
  const response = await fetch(`${host.url}/flood`, {
    ...jsonPost({ blocks: 200, bytes: 64 * 1024 }, { accept: 'application/x-ndjson' }),
  });
  let bytes = 0;
  let lines = 0;
  let pauses = 0;
  for await (const chunk of response.body!) {
    const piece = chunk as Uint8Array;
    bytes += piece.length;
    for (const byte of piece) if (byte === 10) lines += 1;
    if (pauses < 10) await new Promise((resolve) => setTimeout(resolve, 20));
    pauses += 1;
  }
  expect([lines, bytes > 200 * 64 * 1024]).toEqual([200, true]);
});

describe('a reader that takes nothing for too long', () => {
  let strict: Served;
  beforeAll(async () => {
    const own = ['flood', 'large'].map(ownFlow);
    const words = ['--no-viewer', '--stall-timeout-ms', '500', '--resume-grace-ms', '0'];
    strict = await serve([...own, ...words]);
  });

  it('is cut off from its stream, whose execution ends', async () => {
    postAndWait(strict.port, '/flood', BLOCKS);
    await until(async () => (await metric(strict, 'basalt_host_inflight_runs')) === 1);
    await until(async () => (await metric(strict, 'basalt_host_inflight_runs')) === 0);
    expect(await metric(strict, 'basalt_executor_cancellations_total')).toBe(1);
  });

  it('is cut off from a large value, which is let go', async () => {
    const inFlight = () => metric(strict, 'basalt_host_http_inflight_requests');
    postAndWait(strict.port, '/large', { bytes: 32 * 1024 * 1024 });
    await until(
      async () => (await metric(strict, 'basalt_host_http_requests_total', 'large')) === 1,
    );
    // The request that asks is the only one.
    await until(async () => (await inFlight()) === 1);
  });
});

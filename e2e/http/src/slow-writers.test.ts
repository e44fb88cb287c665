// Clients that hold connections open: bytes that come too slowly, idle connections, and clients that
// are gone without a word. Others are served meanwhile.
import { readFileSync } from 'node:fs';
import { postJson } from './json-request.js';
import { metric, until } from './metrics.js';
import { RawSocket } from './raw-socket.js';
import { endServed, ownFlow, serve, type Served } from './served-process.js';

const LIMITS = ['--headers-timeout-ms', '1000', '--request-timeout-ms', '2000'];

let host: Served;
const clients: RawSocket[] = [];
beforeAll(async () => {
  host = await serve([
    's1_echo',
    ownFlow('work'),
    ownFlow('ticks'),
    ...LIMITS,
    '--keep-alive-ms',
    '1000',
  ]);
});
afterEach(() => {
  for (const client of clients.splice(0)) client.destroy();
});
afterAll(endServed);

function open(): RawSocket {
  const client = new RawSocket(host.port);
  clients.push(client);
  return client;
}

/** Writes a text byte by byte until the connection ends. */
async function drip(client: RawSocket, text: string): Promise<void> {
  for (const letter of text) {
    if (!client.socket.writable) return;
    client.write(letter);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const HEAD = 'POST /echo HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n';

async function serves(): Promise<unknown> {
  return (await postJson(`${host.url}/echo`, { text: ' OK ' })).body;
}

describe('bytes that come too slowly', () => {
  it.each([
    ['headers', '', `${HEAD}x-padding: ${'a'.repeat(10_000)}\r\n\r\n`],
    ['bodies', `${HEAD}content-length: 10000\r\n\r\n`, 'a'.repeat(10_000)],
    ['chunks', `${HEAD}transfer-encoding: chunked\r\n\r\n`, '1\r\na\r\n'.repeat(5000)],
  ])('%s get 408 and a closed connection, and others are served', async (_name, first, rest) => {
    const slow = Array.from({ length: 20 }, open);
    for (const client of slow) client.write(first);
    const drips = slow.map((client) => drip(client, rest));
    expect(await serves()).toEqual({ text: 'ok' });
    await Promise.all(slow.map(({ closed }) => closed));
    expect(await serves()).toEqual({ text: 'ok' });
    for (const client of slow) {
      expect(client.statuses()).toEqual([408]);
      const body = client.text.slice(client.text.indexOf('\r\n\r\n') + 4);
      expect(JSON.parse(body)).toMatchObject({ code: 'HTTP125', run_id: null });
    }
    await Promise.all(drips);
  });
});

describe('connections without a request', () => {
  it('that never ask are closed', async () => {
    await open().closed;
  });

  it('that have asked before are closed when they are idle', async () => {
    const client = open();
    client.write(`${HEAD}content-length: 12\r\n\r\n{"text":"A"}`);
    expect((await client.until(/\{"text":"a"\}/))?.[0]).toBe('{"text":"a"}');
    await client.closed;
    expect(client.statuses()).toEqual([200]);
  });
});

describe('clients that are gone without a word', () => {
  const inFlight = () => metric(host, 'basalt_host_inflight_runs');

  it.each([
    ['a value', '/work', '{"ms":600000}'],
    ['a stream', '/ticks', '{"count":1000000,"ms":5}'],
  ])('give up %s when their system says so', async (_name, path, body) => {
    const cancelled = () => metric(host, 'basalt_executor_cancellations_total');
    const before = await cancelled();
    const gone = Array.from({ length: 10 }, open);
    for (const client of gone) {
      client.write(
        `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n` +
          `accept: application/x-ndjson\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
      );
    }
    await until(async () => (await inFlight()) === 10);
    for (const client of gone) client.reset();
    await until(async () => (await inFlight()) === 0);
    expect((await cancelled()) - before).toBe(10);
  });

  it('are asked whether they are there: the connection has a timer of the system for it', async () => {
    const client = open();
    await new Promise((resolve) => client.socket.once('connect', resolve));
    const port = client.socket.localPort!;
    // Column 5 is the kind of timer (2: keep-alive), in Linux' Documentation/networking/proc_net_tcp.
    await until(() => timerOf(host.port, port) === '02');
  });
});

/** The kind of timer of the connection from a port of the host to one of a client. */
function timerOf(from: number, to: number): string | undefined {
  const hex = (port: number) => `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return readFileSync('/proc/net/tcp', 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .find(
      ([, local = '', remote = '']) => local.endsWith(hex(from)) && remote.endsWith(hex(to)),
    )?.[5]
    ?.split(':')[0];
}

// Bytes that are no HTTP, or are HTTP with a second meaning: each is refused or answered, never taken
// for two requests, and the host goes on.
import fc from 'fast-check';
import { postJson } from './json-request.js';
import { metric } from './metrics.js';
import { RawSocket } from './raw-socket.js';
import { endServed, ownFlow, serve, type Served } from './served-process.js';

const LIMITS = ['--headers-timeout-ms', '1000', '--request-timeout-ms', '2000'];

let host: Served;
beforeAll(async () => {
  host = await serve(['s1_echo', ownFlow('teapot'), ...LIMITS, '--keep-alive-ms', '1000']);
});
afterAll(endServed);

afterEach(async () => {
  expect(await postJson(`${host.url}/echo`, { text: ' OK ' })).toMatchObject({
    status: 200,
    body: { text: 'ok' },
  });
  expect(host.child.exitCode).toBeNull();
});

const HOST = 'host: 127.0.0.1\r\n';
const JSON_TYPE = 'content-type: application/json\r\n';
const ECHO = `POST /echo HTTP/1.1\r\n${HOST}${JSON_TYPE}`;
const BODY = '{"text":"A"}';
const SMUGGLED = `POST /echo HTTP/1.1\r\n${HOST}${JSON_TYPE}content-length: 12\r\n\r\n${BODY}`;

/** Sends bytes, ends the sending side, and gives the statuses that came before the connection ended. */
async function exchange(bytes: string | Uint8Array): Promise<readonly number[]> {
  const client = new RawSocket(host.port);
  client.write(bytes);
  client.socket.end();
  await client.closed;
  return client.statuses();
}

describe('malformed requests', () => {
  it.each<[string, string, readonly number[]]>([
    ['a method that is none', `FETCH-IT /echo HTTP/1.1\r\n${HOST}\r\n`, [400]],
    ['a version that is none', `GET / HTTP/9.9\r\n${HOST}\r\n`, [400]],
    ['the one line of HTTP/0.9', `GET /\r\n\r\n`, [404]],
    ['no host', `GET /healthz HTTP/1.1\r\n\r\n`, [400]],
    ['two hosts', `GET /healthz HTTP/1.1\r\n${HOST}${HOST}\r\n`, [400]],
    ['a header without a colon', `GET /healthz HTTP/1.1\r\n${HOST}nonsense\r\n\r\n`, [400]],
    ['a header with a space in its name', `GET /healthz HTTP/1.1\r\n${HOST}a b: c\r\n\r\n`, [400]],
    ['a space before the colon', `GET /healthz HTTP/1.1\r\n${HOST}a : c\r\n\r\n`, [400]],
    ['a folded header', `GET /healthz HTTP/1.1\r\n${HOST}a: b\r\n c\r\n\r\n`, [400]],
    ['a NUL in a header', `GET /healthz HTTP/1.1\r\n${HOST}a: b\0c\r\n\r\n`, [400]],
    ['a NUL in the path', `GET /heal\0thz HTTP/1.1\r\n${HOST}\r\n`, [400]],
    ['a bare carriage return', `GET /healthz HTTP/1.1\r\n${HOST}a: b\rc: d\r\n\r\n`, [400]],
    ['a path with a broken escape', `GET /%zz HTTP/1.1\r\n${HOST}\r\n`, [400]],
    ['a path with bytes that are no UTF-8', `GET /%ff%fe HTTP/1.1\r\n${HOST}\r\n`, [400]],
    ['headers of 64 KiB', `GET / HTTP/1.1\r\n${HOST}a: ${'b'.repeat(65_536)}\r\n\r\n`, [431]],
    ['2,000 headers', `GET / HTTP/1.1\r\n${HOST}${'a: bcdefghi\r\n'.repeat(2000)}\r\n`, [431]],
    ['a path of 64 KiB', `GET /${'a'.repeat(65_536)} HTTP/1.1\r\n${HOST}\r\n`, [431]],
    ['a length that is no number', `${ECHO}content-length: twelve\r\n\r\n${BODY}`, [400]],
    ['a negative length', `${ECHO}content-length: -1\r\n\r\n${BODY}`, [400]],
    ['a length beyond all numbers', `${ECHO}content-length: 99999999999999999999\r\n\r\n`, [400]],
    ['two lengths', `${ECHO}content-length: 12\r\ncontent-length: 13\r\n\r\n${BODY}`, [400]],
    ['TLS', '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003', [400]],
    ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', [400]],
    ['text', 'hello, is anybody there?\r\n\r\n', [400]],
    ['nothing', '', []],
  ])('%s', async (_name, bytes, statuses) => {
    expect(await exchange(bytes)).toEqual(statuses);
  });
});

describe('requests with a second meaning are one request, and refused', () => {
  const runs = () => metric(host, 'basalt_executor_node_latency_ms_count', 'node="normalize"');

  it.each<[string, string]>([
    [
      'a length beside chunks',
      `${ECHO}content-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n${SMUGGLED}`,
    ],
    [
      'chunks beside a length',
      `${ECHO}transfer-encoding: chunked\r\ncontent-length: 4\r\n\r\n0\r\n\r\n${SMUGGLED}`,
    ],
    [
      'an encoding that only looks like chunked',
      `${ECHO}transfer-encoding: xchunked\r\n\r\n0\r\n\r\n${SMUGGLED}`,
    ],
    ['chunked twice', `${ECHO}transfer-encoding: chunked, chunked\r\n\r\n0\r\n\r\n${SMUGGLED}`],
    [
      'chunked before another encoding',
      `${ECHO}transfer-encoding: chunked, identity\r\n\r\n0\r\n\r\n${SMUGGLED}`,
    ],
    [
      'an encoding after a tab and a line feed',
      `${ECHO}transfer-encoding:\n\tchunked\r\n\r\n0\r\n\r\n${SMUGGLED}`,
    ],
    [
      'a chunk of a length that is none',
      `${ECHO}transfer-encoding: chunked\r\n\r\nzz\r\n${SMUGGLED}`,
    ],
    ['a chunk of a negative length', `${ECHO}transfer-encoding: chunked\r\n\r\n-1\r\n${SMUGGLED}`],
    [
      'a chunk of more digits than a length has',
      `${ECHO}transfer-encoding: chunked\r\n\r\n${'f'.repeat(17)}\r\n${SMUGGLED}`,
    ],
    [
      'a chunk that is longer than it says',
      `${ECHO}transfer-encoding: chunked\r\n\r\n3\r\n${BODY}\r\n0\r\n\r\n${SMUGGLED}`,
    ],
  ])('%s', async (_name, bytes) => {
    const before = await runs();
    expect(await exchange(bytes)).toEqual([400]);
    expect((await runs()) - before).toBe(0);
  });

  it('a body that is cut off runs nothing', async () => {
    const before = await runs();
    expect(await exchange(`${ECHO}content-length: 100\r\n\r\n${BODY}`)).toEqual([400]);
    expect(await exchange(`${ECHO}transfer-encoding: chunked\r\n\r\n64\r\n${BODY}`)).toEqual([400]);
    expect((await runs()) - before).toBe(0);
  });

  it('a body without a length ends at once: what follows is the next request', async () => {
    const client = new RawSocket(host.port);
    client.write(`${ECHO}\r\n${SMUGGLED}`);
    await client.until(/\{"text":"a"\}/);
    expect(client.statuses()).toEqual([400, 200]);
    client.destroy();
  });
});

describe('requests one after the other without waiting', () => {
  it('are answered in their order', async () => {
    const client = new RawSocket(host.port);
    const all = Array.from({ length: 50 }, (_, i) => {
      const body = JSON.stringify({ text: ` N${i} ` });
      return `${ECHO}content-length: ${body.length}\r\n\r\n${body}`;
    });
    client.write(all.join(''));
    await client.until(/"n49"\}$/);
    const texts = [...client.text.matchAll(/\{"text":"n(\d+)"\}/g)].map((match) =>
      Number(match[1]),
    );
    expect(texts).toEqual(all.map((_, i) => i));
    client.destroy();
  });

  it('end at the first that is malformed', async () => {
    const good = `${ECHO}content-length: 12\r\n\r\n${BODY}`;
    const client = new RawSocket(host.port);
    client.write(`${good}GET nonsense\r\n\r\n${good}`);
    await client.closed;
    expect(client.statuses().filter((status) => status === 200).length).toBeLessThan(2);
    expect(client.statuses().slice(1)).not.toContain(200);
  });
});

describe('bodies', () => {
  it.each<[string, Buffer]>([
    ['bad UTF-8', Buffer.from([...Buffer.from('{"text":"'), 0xff, 0xfe, ...Buffer.from('"}')])],
    ['half a surrogate', Buffer.from('{"text":"\\ud800"}')],
    ['a NUL', Buffer.from('{"text":"a"}\0')],
    ['too deep', Buffer.from(`${'['.repeat(100_000)}`)],
    ['a prototype', Buffer.from('{"__proto__":{"polluted":true},"text":"a"}')],
  ])('with %s are 400', async (_name, body) => {
    const head = Buffer.from(`${ECHO}content-length: ${body.length}\r\nconnection: close\r\n\r\n`);
    expect(await exchange(Buffer.concat([head, body]))).toEqual([400]);
  });
});

it('survives anything: 300 requests with bytes changed, cut and joined by chance', async () => {
  const seeds = [
    `${ECHO}content-length: 12\r\n\r\n${BODY}`,
    `${ECHO}transfer-encoding: chunked\r\n\r\nc\r\n${BODY}\r\n0\r\n\r\n`,
    `GET /healthz HTTP/1.1\r\n${HOST}\r\n`,
    `GET /echo HTTP/1.1\r\n${HOST}upgrade: websocket\r\nconnection: upgrade\r\n` +
      'sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n\u0081\u0085',
  ];
  const change = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    drop: fc.nat(8),
    bytes: fc.oneof(
      fc.uint8Array({ maxLength: 6 }),
      fc
        .constantFrom('\r\n', '\n', '\0', ' ', ':', 'transfer-encoding: chunked\r\n')
        .map((text) => Uint8Array.from(Buffer.from(text))),
    ),
  });
  const request = fc
    .tuple(fc.constantFrom(...seeds), fc.array(change, { maxLength: 4 }), fc.nat(3))
    .map(([seed, changes, repeats]) => {
      let bytes = Buffer.from(seed.repeat(repeats + 1), 'latin1');
      for (const { at, drop, bytes: put } of changes) {
        const from = Math.floor(at * bytes.length);
        bytes = Buffer.concat([bytes.subarray(0, from), put, bytes.subarray(from + drop)]);
      }
      return bytes;
    });
  const documented = new Set([101, 200, 400, 404, 405, 408, 413, 415, 421, 426, 431]);
  await fc.assert(
    fc.asyncProperty(fc.array(request, { minLength: 10, maxLength: 10 }), async (requests) => {
      const found = await Promise.all(requests.map(exchange));
      expect(found.flat().filter((status) => !documented.has(status))).toEqual([]);
    }),
    { numRuns: 30, seed: 20_240_607, endOnFailure: true },
  );
});

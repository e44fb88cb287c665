// Requests that take the short way get what they get on the long one.
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { request as httpRequest, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import type { NodeContext } from '@basalt/executor';
import type { HttpHostOptions } from '../host-options.js';
import type { HostedFlow } from '../hosted-flow.js';
import { closeServed, hostedFlow, serve } from '../testing/hosted-flows.js';
import { post, send, type RawAnswer } from '../testing/raw-client.js';

/** Requests that the server framework has handed to a handler. */
let longWays = 0;
const count = () => (longWays += 1);
const HANDLED = 'tracing:fastify.request.handler:start';

/** Answers that were written in one piece, of which the server framework sees the end only. */
let pieces = 0;
const countPiece = (message: unknown) => {
  const { response } = message as { readonly response: ServerResponse };
  if (!response.headersSent) pieces += 1;
};
const FINISHED = 'http.server.response.finish';

beforeAll(() => {
  subscribe(HANDLED, count);
  subscribe(FINISHED, countPiece);
});
afterAll(() => {
  unsubscribe(HANDLED, count);
  unsubscribe(FINISHED, countPiece);
});
beforeEach(() => {
  longWays = 0;
  pieces = 0;
});
afterEach(closeServed);

/** A header that no check looks at, and that is not known to be harmless. */
const LONG_WAY = { 'x-unknown': 'yes' };

/** All of an answer but what differs from one to the next, and what becomes of its connection: the server
 * framework closes it after a body that it could not read. */
function comparable({ status, headers, text }: RawAnswer) {
  const { date: _date, 'x-basalt-run-id': id, connection, 'keep-alive': _time, ...rest } = headers;
  expect(connection).toBeDefined();
  const hasId = typeof id === 'string';
  return { status, headers: rest, hasId, text: hasId ? text.replaceAll(id, 'RUN') : text };
}

const LIMITED = hostedFlow({
  name: 'limited',
  trigger: { max_payload_bytes: 40 },
  triggerNode: { in_schema: { kind: 'named', name: 'N' } },
  more: { schemas: { N: { type: 'object', properties: { n: { type: 'integer' } } } } },
});

const FLOWS: readonly HostedFlow[] = [
  LIMITED,
  hostedFlow({ name: 'echo' }),
  hostedFlow({ name: 'later', run: async (input: unknown) => input as never }),
  hostedFlow({
    name: 'fail',
    run: () => {
      throw new Error('a secret reason');
    },
  }),
  hostedFlow({
    name: 'slow',
    trigger: { deadline_ms: 30 },
    run: (_input: unknown, { signal }: NodeContext) =>
      new Promise((resolve) => signal.addEventListener('abort', () => resolve(null))),
  }),
  hostedFlow({
    name: 'shaped',
    run: () => ({
      $http: {
        status: 201,
        headers: { 'x-list': ['a', 'b'], 'referrer-policy': 'origin', location: '/new' },
        body: 'text of ünusual letters',
      },
    }),
  }),
  hostedFlow({ name: 'empty', run: () => ({ $http: { status: 204 } }) }),
  hostedFlow({ name: 'nobody', run: () => ({ $http: { status: 200 } }) }),
  hostedFlow({ name: 'bytes', run: () => ({ $http: { body: new Uint8Array([1, 255]) } }) }),
  hostedFlow({ name: 'malformed', run: () => ({ $http: { status: 'no' } }) }),
  hostedFlow({ name: 'put', trigger: { method: 'PUT' } }),
];

async function bothWays(path: string, body: string, method = 'POST', options?: HttpHostOptions) {
  const { url } = await serve(FLOWS, options);
  const headers = { 'content-type': 'application/json', connection: 'keep-alive' };
  const short = await send(url, path, { method, headers, body });
  expect(longWays).toBe(0);
  const long = await send(url, path, { method, headers: { ...headers, ...LONG_WAY }, body });
  expect(longWays).toBeLessThanOrEqual(1);
  return { short: comparable(short), long: comparable(long) };
}

/** A connection to a host on which requests are written by hand. */
function connectTo(url: string): Socket {
  return connect(Number(new URL(url).port), '127.0.0.1');
}

const requestText = (path: string, body: string, more = '') =>
  `POST ${path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n` +
  `content-length: ${Buffer.byteLength(body)}\r\n${more}\r\n${body}`;

/** Reads until so many answers with a length have come, and gives their bodies. */
async function bodiesFrom(socket: Socket, count: number): Promise<readonly string[]> {
  let got = Buffer.alloc(0);
  const bodies: string[] = [];
  for await (const piece of socket) {
    got = Buffer.concat([got, piece as Buffer]);
    for (;;) {
      const end = got.indexOf('\r\n\r\n') + 4;
      const length = /^content-length: (\d+)\r$/im.exec(got.subarray(0, end).toString())?.[1];
      if (end < 4 || length === undefined || got.length < end + Number(length)) break;
      bodies.push(got.subarray(end, end + Number(length)).toString());
      got = got.subarray(end + Number(length));
    }
    if (bodies.length === count) break;
  }
  return bodies;
}

describe('a plain request', () => {
  it.each([
    ['an answer at once', '/echo', '{"text":"\u00fc","n":[1,2.5,null,{"a":true}]}', 200],
    ['an answer that is waited for', '/later', '"x"', 200],
    ['an answer with a status, headers and text', '/shaped', 'null', 201],
    ['an answer without a body', '/empty', 'null', 204],
    ['an answer with an empty body', '/nobody', 'null', 200],
    ['bytes', '/bytes', 'null', 200],
    ['a malformed envelope', '/malformed', 'null', 500],
    ['a handler that throws', '/fail', 'null', 500],
    ['a deadline', '/slow', 'null', 504],
    ['broken JSON', '/echo', '{"a":', 400],
    ['bytes that are no UTF-8', '/echo', '"\xff', 400],
    ['half a surrogate', '/echo', '{"a":"\\ud800"}', 400],
    ['a key twice', '/echo', '{"a":1,"a":2}', 400],
    ['a reserved key', '/echo', '{"a":{"__proto__":{}}}', 400],
    ['a forged envelope', '/echo', '{"$http":{"status":200}}', 400],
    ['a payload of another schema', '/limited', '{"n":"one"}', 400],
    ['a payload at the limit', '/limited', `{"n":1}${' '.repeat(33)}`, 200],
  ])('gets the same answer: %s', async (_, path, body, status) => {
    const { short, long } = await bothWays(path, body);
    expect(short).toEqual(long);
    expect(short.status).toBe(status);
  });

  it('is answered in one piece where the connection stays, and the answer is plain', async () => {
    const { url } = await serve(FLOWS);
    const headers = { connection: 'keep-alive' };
    const framing = ({ headers: { date, connection, 'keep-alive': time } }: RawAnswer) => [
      typeof date === 'string' && new Date(date).toUTCString() === date,
      connection,
      time,
    ];
    const long = await post(url, '/echo', null, { ...headers, ...LONG_WAY });
    expect([pieces, longWays]).toEqual([0, 1]);
    expect(framing(await post(url, '/echo', null, headers))).toEqual(framing(long));
    expect(framing(long)).toEqual([true, 'keep-alive', 'timeout=72']);
    pieces = 0;
    longWays = 0;
    for (const path of ['/echo', '/later', '/fail']) await post(url, path, null, headers);
    expect(pieces).toBe(3);
    for (const path of ['/shaped', '/empty', '/bytes']) await post(url, path, null, headers);
    await post(url, '/echo', null, { connection: 'close' });
    expect([pieces, longWays]).toEqual([3, 0]);
  });

  it.each([['/echo'], ['/later']])(
    'may follow others on its connection at once: %s',
    async (path) => {
      const { url } = await serve(FLOWS);
      const socket = connectTo(url);
      const bodies = Array.from({ length: 20 }, (_, n) => `{"n":${n},"text":"\u00fc"}`);
      socket.write(bodies.map((body) => requestText(path, body)).join(''));
      expect(await bodiesFrom(socket, bodies.length)).toEqual(bodies);
      expect([pieces > 0, longWays]).toEqual([true, 0]);
    },
  );

  it('waits for a reader that is slow with the answer before it', async () => {
    const text = '\u00fcx'.repeat(8 * 1024 * 1024);
    const large = hostedFlow({ name: 'large', run: () => text });
    const { url } = await serve([large, ...FLOWS]);
    const socket = connectTo(url);
    await once(socket, 'connect');
    socket.pause().write(requestText('/large', 'null') + requestText('/echo', '2'));
    const inflight = async () => {
      const { text } = await send(url, '/metrics');
      return Number(/^basalt_host_http_inflight_requests (\d+)$/m.exec(text)![1]);
    };
    while ((await inflight()) < 3);
    expect(await bodiesFrom(socket, 2)).toEqual([JSON.stringify(text), '2']);
    while ((await inflight()) > 1);
  });

  it('of an older client, or the last one of its connection, ends it', async () => {
    const { url } = await serve(FLOWS);
    for (const text of [
      requestText('/echo', '1', 'connection: close\r\n'),
      requestText('/echo', '1').replace('HTTP/1.1', 'HTTP/1.0'),
    ]) {
      const socket = connectTo(url);
      socket.write(text);
      let got = '';
      for await (const piece of socket) got += String(piece);
      expect(
        got.split('\r\n').filter((line) => /^(HTTP|connection|keep-alive)/i.test(line)),
      ).toEqual(['HTTP/1.1 200 OK', 'Connection: close']);
    }
    expect(pieces).toBe(0);
  });

  it('may be any method with a body', async () => {
    const { short, long } = await bothWays('/put', '{"a":1}', 'PUT');
    expect([short, short.text]).toEqual([long, '{"a":1}']);
  });

  it('gets the text of failures where they are exposed', async () => {
    const { short, long } = await bothWays('/fail', 'null', 'POST', { exposeErrors: true });
    expect(short).toEqual(long);
    expect(JSON.parse(short.text)).toMatchObject({ code: 'RUN101' });
    expect(short.text).toContain('a secret reason');
  });

  it('brings its labels and headers to the nodes', async () => {
    const seen: unknown[] = [];
    const look = hostedFlow({
      name: 'look',
      run: (_input: unknown, { metadata }: NodeContext) => {
        const labels = Object.entries(metadata.labels);
        const ofHttp = labels.filter(([name]) => /^http|event/.test(name));
        seen.push([Object.fromEntries(ofHttp), metadata.extensions]);
        return null;
      },
    });
    const { url } = await serve([look]);
    const headers = { 'x-event-id': 'e-1', host: 'localhost' };
    await post(url, '/look', null, headers);
    expect(longWays).toBe(0);
    expect(seen).toEqual([
      [
        {
          'http.method': 'POST',
          'http.path': '/look',
          'http.version': '1.1',
          'http.host': 'localhost',
          'http.query_raw': '',
          'lf.event_id': 'e-1',
        },
        {
          'http.headers': {
            'content-type': ['application/json'],
            'x-event-id': ['e-1'],
            host: ['localhost'],
            connection: ['close'],
            'content-length': ['4'],
          },
          'http.query': {},
        },
      ],
    ]);
  });

  it('may come in many pieces', async () => {
    const { url } = await serve(FLOWS);
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    const head = 'POST /echo HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n';
    const body = JSON.stringify({ text: '\u00fcber'.repeat(50) });
    const bytes = Buffer.from(`${head}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
    socket.setNoDelay(true);
    for (const byte of bytes) {
      socket.write(Buffer.of(byte));
      await new Promise((resolve) => setImmediate(resolve));
    }
    let answer = '';
    socket.setEncoding('utf8').on('data', (text: string) => (answer += text));
    while (!answer.endsWith(body)) await once(socket, 'data');
    expect(answer.split('\r\n', 1)).toEqual(['HTTP/1.1 200 OK']);
    socket.destroy();
  });

  it('whose caller goes away cancels its execution, and is counted as 499', async () => {
    let begin = () => {};
    const begun = new Promise<void>((resolve) => (begin = resolve));
    let cancelled = () => {};
    const over = new Promise<void>((resolve) => (cancelled = resolve));
    const endless = hostedFlow({
      name: 'endless',
      run: (_input: unknown, { signal }: NodeContext) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => (cancelled(), resolve(null)));
          begin();
        }),
    });
    const { url } = await serve([endless]);
    const headers = { 'content-type': 'application/json', 'content-length': '4' };
    const caller = httpRequest(`${url}/endless`, { method: 'POST', agent: false, headers });
    caller.on('error', () => undefined).end('null');
    await begun;
    caller.destroy();
    await over;
    const series =
      'basalt_host_http_requests_total{method="POST",route="/endless",status_class="4xx"} 1';
    let text = '';
    while (!text.includes(series)) ({ text } = await send(url, '/metrics'));
    expect(text).toContain('basalt_host_http_inflight_requests 1\n');
  });

  it('that is cut off in its body leaves nothing behind', async () => {
    const { url } = await serve(FLOWS);
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write(
      'POST /echo HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n' +
        'content-length: 100\r\n\r\n{"a":',
    );
    const inflight = 'basalt_host_http_inflight_requests 2\n';
    let text = '';
    while (!text.includes(inflight)) ({ text } = await send(url, '/metrics'));
    socket.destroy();
    while (text.includes(inflight)) ({ text } = await send(url, '/metrics'));
    expect(text).toContain(
      'basalt_host_http_requests_total{method="POST",route="/echo",status_class="4xx"} 1\n',
    );
  });
});

describe('the long way', () => {
  const body = '{"a":1}';
  const headers = { 'content-type': 'application/json' };

  it.each([
    ['a query', '/echo?a=1', {}, 200],
    ['an unknown path', '/nowhere', {}, 404],
    ['a name that is not the host', '/echo', { host: 'evil.example' }, 421],
    ['a page of another site', '/echo', { origin: 'https://evil.example' }, 403],
    ['a body beyond the limit', '/limited', { 'content-length': '41' }, 413],
    ['an idempotency key', '/echo', { 'idempotency-key': 'k' }, 200],
  ])('is taken for %s', async (_, path, more, status) => {
    const { url } = await serve(FLOWS);
    const text = 'content-length' in more ? ' '.repeat(41) : body;
    const answer = await send(url, path, {
      method: 'POST',
      headers: { ...headers, ...more },
      body: text,
    });
    expect(answer.status).toBe(status);
    expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
  });

  it.each<[string, HttpHostOptions]>([
    ['a rate limit', { security: { rateLimit: { perSecond: 100 } } }],
    ['pages of other origins', { security: { cors: { origins: ['https://a.example'] } } }],
    ['proxies', { security: { trustedProxies: ['10.0.0.0/8'] } }],
    ['a log of requests', { operations: { log: { write: () => undefined } } }],
  ])('is taken by all where the host has %s', async (_, options) => {
    const { url } = await serve(FLOWS, options);
    expect((await post(url, '/echo', null)).status).toBe(200);
    expect(longWays).toBe(1);
  });

  it('is taken while there is no place for another execution', async () => {
    const release: (() => void)[] = [];
    const held = hostedFlow({
      name: 'held',
      run: () => new Promise((resolve) => release.push(() => resolve(null))),
    });
    const { url } = await serve([held], { maxConcurrentRuns: 1 });
    const first = post(url, '/held', null);
    while (release.length < 1) await new Promise((resolve) => setImmediate(resolve));
    const second = post(url, '/held', null);
    while (longWays < 1) await new Promise((resolve) => setImmediate(resolve));
    release[0]!();
    while (release.length < 2) await new Promise((resolve) => setImmediate(resolve));
    release[1]!();
    expect((await Promise.all([first, second])).map(({ status }) => status)).toEqual([200, 200]);
  });
});

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { httpWrite } from '@basalt/capabilities';
import type { HttpClients } from '../host/compose-host.js';
import { CORE_CONTRACTS } from './core-contracts.js';
import { closedHost } from '../host/compose-host.js';
import type { State } from '../run/state.js';
import { callContract, contractFailure } from '../testing/run-contract.js';
import { runText, testRegistry } from '../testing/run-text.js';

let server: Server;
let origin: string;
let http: HttpClients;

beforeAll(async () => {
  server = createServer((request, response) => {
    const { pathname, search } = new URL(request.url!, 'http://x');
    if (pathname === '/moved') response.writeHead(302, { location: '/echo' }).end();
    else if (pathname === '/bytes') response.end(Buffer.from([0xff, 0x00]));
    else if (pathname === '/slow') setTimeout(() => response.end(), 600_000).unref();
    else if (pathname === '/text') {
      response.writeHead(200, { 'content-type': 'text/plain', 'set-cookie': ['a=1', 'b=2'] });
      response.write('h\u00e9llo ');
      setTimeout(() => response.end('world'), 5);
    } else {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        const type = request.headers['content-type'] ?? '';
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify({ method: request.method, search, type, body }));
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const options = { allow: ['127.0.0.1'], allowPrivate: true, timeoutMs: 60_000 };
  http = { direct: httpWrite(options), following: httpWrite({ ...options, maxRedirects: 5 }) };
});

afterAll(async () => {
  await Promise.all([http.direct.close(), http.following.close()]);
  server.closeAllConnections();
  server.close();
});

async function echoed(input: object): Promise<unknown> {
  const found = await callContract(
    'core/http/request',
    { url: `${origin}/echo`, ...input },
    { http },
  );
  return JSON.parse((found as { body: string }).body);
}

test('a request has its method, query, and body in each encoding', async () => {
  expect(await echoed({ query: { a: 1, b: ['x', 'y'], c: null } })).toEqual({
    method: 'GET',
    search: '?a=1&b=x&b=y',
    type: '',
    body: '',
  });
  const post = { method: 'post' };
  expect(await echoed({ ...post, body: { a: 1 }, bodyEncoding: 'json' })).toMatchObject({
    method: 'POST',
    type: 'application/json',
    body: '{"a":1}',
  });
  expect(
    await echoed({ ...post, body: { a: 'x y', b: [1, 2] }, bodyEncoding: 'form' }),
  ).toMatchObject({
    type: 'application/x-www-form-urlencoded',
    body: 'a=x+y&b=1&b=2',
  });
  expect(await echoed({ ...post, body: 'aGk=', bodyEncoding: 'base64' })).toMatchObject({
    body: 'hi',
  });
  const own = { ...post, body: 'plain', headers: { 'Content-Type': 'text/x' } };
  expect(await echoed(own)).toMatchObject({ type: 'text/x', body: 'plain' });
});

test('a response has its status, headers as lists, and text or base64', async () => {
  const get = (path: string, more = {}) =>
    callContract('core/http/request', { url: `${origin}${path}`, ...more }, { http });
  expect(await get('/text')).toMatchObject({
    status: 200,
    statusText: 'OK',
    body: 'h\u00e9llo world',
    bodyEncoding: 'utf-8',
    headers: { 'set-cookie': ['a=1', 'b=2'] },
  });
  expect(await get('/bytes')).toMatchObject({ body: '/wA=', bodyEncoding: 'base64' });
  expect(await get('/moved')).toMatchObject({ status: 200 });
  expect(await get('/moved', { followRedirects: false })).toMatchObject({
    status: 302,
    headers: { location: ['/echo'] },
  });
});

test('a response may be read as a stream', async () => {
  const text = `
compose:
  - call: lcod://contract/core/http/request@1
    in: {url: "=", responseMode: stream}
    out: {stream: stream}
  - call: lcod://contract/core/stream/read@1
    in: {stream: "=", maxBytes: 2}
    out: {first: $}
  - call: lcod://contract/core/stream/read@1
    in: {stream: "="}
    out: {rest: $}
  - call: lcod://contract/core/stream/read@1
    in: {stream: "="}
    out: {end: done}
  - call: lcod://contract/core/stream/close@1
    in: {stream: "="}
    out: {released: released}
`;
  const registry = testRegistry(...CORE_CONTRACTS);
  const host = { ...closedHost(), http };
  const end: State = await runText(text, { url: `${origin}/text` }, { registry, host });
  expect(end).toMatchObject({
    first: { chunk: 'h', bytes: 1, seq: 0, done: false, encoding: 'utf-8' },
    rest: { chunk: '\u00e9llo world', bytes: 11, seq: 1 },
    end: true,
    released: true,
  });
});

test.each<[object, string]>([
  [{ url: 'http://example.com/' }, 'EGRESS102'],
  [{ url: 'file:///etc/passwd' }, 'CAP120'],
  [{ url: 'no address', query: { a: 1 } }, 'COMP112'],
  [{}, 'COMP112'],
  [{ url: 'http://127.0.0.1:1/' }, 'CAP125'],
])('%j fails with %s', async (input, code) => {
  expect((await contractFailure('core/http/request', { ...input }, { http }))[0]).toBe(code);
});

test('a request that takes too long is given up', async () => {
  const input = { url: `${origin}/slow`, timeoutMs: 30 };
  expect((await contractFailure('core/http/request', input, { http }))[0]).toBe('CAP122');
});

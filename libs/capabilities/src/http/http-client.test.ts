import { createServer, type AddressInfo, type Server as TcpServer } from 'node:net';
import { serve, type Server } from '../../test/http-fixture.js';
import { codeOf } from '../../test/store-fixture.js';
import type { HttpRequest } from '../capability-set.js';
import { httpRead, httpWrite, type ClosableHttpClient } from './http-client.js';
import type { HttpOptions } from './http-options.js';

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();
const clients: ClosableHttpClient[] = [];
let server: Server;
let other: Server;
let mute: TcpServer;
let hits = 0;

function reader(options: HttpOptions = {}) {
  const client = httpRead(options);
  clients.push(client);
  return client;
}

function writer(options: HttpOptions = {}) {
  const client = httpWrite(options);
  clients.push(client);
  return client;
}

beforeAll(async () => {
  other = await serve((request, response) => {
    response.end(JSON.stringify({ method: request.method, ...request.headers }));
  });
  server = await serve((request, response, body) => {
    hits += 1;
    const { pathname, searchParams } = new URL(request.url!, server.origin);
    if (pathname === '/echo') {
      response.setHeader('x-method', request.method!);
      response.setHeader('set-cookie', ['a=1', 'b=2']);
      response.end(body.length > 0 ? body : request.headers['x-in']);
    } else if (pathname === '/redirect') {
      response.writeHead(Number(searchParams.get('status')), {
        location: searchParams.get('to')!,
      });
      response.end();
    } else if (pathname === '/large') {
      response.write(Buffer.alloc(600));
      setImmediate(() => response.end(Buffer.alloc(600)));
    } else if (pathname === '/headers') {
      response.setHeader('x-large', 'y'.repeat(5000));
      response.end();
    } else if (pathname === '/cut') {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half');
      setImmediate(() => response.destroy());
    } else if (pathname === '/drip') {
      response.write('x');
    } else {
      response.statusCode = 404;
      response.end('none');
    }
  });
  mute = createServer(() => undefined);
  await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
});

afterAll(async () => {
  await Promise.all(clients.map((client) => client.close()));
  await Promise.all([server.close(), other.close()]);
  mute.close();
});

describe('exchanges', () => {
  it('sends a body and gives status, headers and body back', async () => {
    const body = new Uint8Array([0, 255, 10]);
    const request = { method: 'post', url: `${server.origin}/echo`, body };
    const response = await writer({ allowPrivate: true }).send(request);
    expect([response.status, response.body, response.headers['x-method']]).toEqual([
      200,
      body,
      'POST',
    ]);
    expect(response.headers['set-cookie']).toBe('a=1\nb=2');
  });

  it('gives responses that are no success as they are', async () => {
    const response = await reader({ allowPrivate: true }).send({
      method: 'GET',
      url: `${server.origin}/nothing`,
    });
    expect([response.status, text(response.body)]).toEqual([404, 'none']);
  });

  it.each<[string, Partial<HttpRequest>, string]>([
    ['another scheme', { url: 'ftp://example.com/' }, 'CAP120'],
    ['a file', { url: 'file:///etc/passwd' }, 'CAP120'],
    ['no address', { url: 'example.com' }, 'CAP120'],
    ['no text', { url: 7 as never }, 'CAP120'],
    ['an endless address', { url: `http://x/${'y'.repeat(20_000)}` }, 'CAP120'],
    ['a password in the address', { url: 'http://u:p@example.com/' }, 'CAP120'],
    ['a writing method', { method: 'POST' }, 'CAP121'],
    ['a tunnel', { method: 'CONNECT' }, 'CAP121'],
    ['a method with a line feed', { method: 'GET\r\nX: y' }, 'CAP121'],
    ['a header with a line feed', { headers: { x: 'a\r\nb: c' } }, 'CAP120'],
    ['a header name with a space', { headers: { 'a b': 'c' } }, 'CAP120'],
    ['a framing header', { headers: { 'Transfer-Encoding': 'chunked' } }, 'CAP120'],
    ['another host header', { headers: { Host: 'internal' } }, 'CAP120'],
    ['a header twice', { headers: { A: '1', a: '2' } }, 'CAP120'],
    ['too many headers', { headers: { a: 'x'.repeat(20_000) } }, 'CAP120'],
    ['a body with GET', { body: new Uint8Array(1) }, 'CAP120'],
    ['a body that is text', { method: 'OPTIONS', body: 'x' as never }, 'CAP120'],
    ['no time', { timeoutMs: 0 }, 'CAP120'],
    ['endless time', { timeoutMs: Infinity }, 'CAP120'],
  ])('refuses %s', async (_, part, code) => {
    const before = hits;
    const request = { method: 'GET', url: `${server.origin}/echo`, ...part };
    expect(await codeOf(reader({ allowPrivate: true }).send(request))).toBe(code);
    expect(hits).toBe(before);
  });
});

describe('an opened response', () => {
  it('has its headers at once and its body as it comes', async () => {
    const client = reader({ allowPrivate: true, timeoutMs: 60_000 });
    const response = await client.open({ method: 'GET', url: `${server.origin}/echo` });
    expect(response).toMatchObject({ status: 200, statusText: 'OK' });
    expect(response.headers['set-cookie']).toEqual(['a=1', 'b=2']);
    const drip = await client.open({ method: 'GET', url: `${server.origin}/drip` });
    const body = drip.body[Symbol.asyncIterator]();
    expect(text((await body.next()).value as Uint8Array)).toBe('x');
    await body.return?.();
  });

  it('ends with its fault: too large, cut, or aborted', async () => {
    const client = reader({ allowPrivate: true, maxResponseBytes: 1000 });
    const all = async (path: string) => {
      const { body } = await client.open({ method: 'GET', url: `${server.origin}${path}` });
      for await (const chunk of body) expect(chunk.length).toBeGreaterThan(0);
    };
    expect(await codeOf(all('/large'))).toBe('CAP123');
    expect(await codeOf(all('/cut'))).toBe('CAP125');
    const abort = new AbortController();
    const request = { method: 'GET', url: `${server.origin}/drip` };
    const { body } = await client.open(request, abort.signal);
    const dripping = async () => {
      for await (const chunk of body) {
        expect(text(chunk)).toBe('x');
        abort.abort();
      }
    };
    expect(await codeOf(dripping())).toBe('CAP125');
  });
});

describe('egress', () => {
  it('refuses hosts that are not on the list', async () => {
    const client = reader({ allowPrivate: true, allow: ['api.example.com', '127.0.0.1:1'] });
    expect(await codeOf(client.send({ method: 'GET', url: server.origin }))).toBe('EGRESS102');
    const closed = reader({ allowPrivate: true, allow: [] });
    expect(await codeOf(closed.send({ method: 'GET', url: server.origin }))).toBe('EGRESS102');
    const open = reader({ allowPrivate: true, allow: [`127.0.0.1:${server.port}`] });
    const response = await open.send({ method: 'GET', url: `${server.origin}/echo` });
    expect(response.status).toBe(200);
  });

  it.each([
    '127.0.0.1',
    'localhost',
    '2130706433',
    '0x7f000001',
    '0177.0.0.1',
    '127.1',
    '0.0.0.0',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '169.254.169.254',
    '10.0.0.1',
  ])('refuses %s unless private addresses are allowed', async (host) => {
    const before = hits;
    const url = `http://${host}:${server.port}/echo`;
    expect(await codeOf(reader().send({ method: 'GET', url }))).toBe('EGRESS103');
    expect(hits).toBe(before);
  });

  it('refuses a name that resolves to a private address, whatever it resolved to before', async () => {
    const answers = ['8.8.8.8', '127.0.0.1'];
    let asked = 0;
    const resolve = async () => [{ address: answers[asked++ % 2]!, family: 4 }];
    expect((await resolve())[0]!.address).toBe('8.8.8.8');
    const url = `http://rebind.example.com:${server.port}/echo`;
    expect(await codeOf(reader({ resolve }).send({ method: 'GET', url }))).toBe('EGRESS103');
    const open = reader({
      resolve: async () => [{ address: '127.0.0.1', family: 4 }],
      allowPrivate: true,
    });
    expect((await open.send({ method: 'GET', url })).status).toBe(200);
  });

  it('names a name that does not resolve', async () => {
    const none = reader({ resolve: async () => [] });
    const broken = reader({ resolve: () => Promise.reject(new Error('no such name')) });
    const request = { method: 'GET', url: 'http://nowhere.example.com/' };
    expect([await codeOf(none.send(request)), await codeOf(broken.send(request))]).toEqual([
      'CAP125',
      'CAP125',
    ]);
  });
});

describe('redirects', () => {
  const redirect = (to: string, status = 302) =>
    `${server.origin}/redirect?status=${status}&to=${encodeURIComponent(to)}`;

  it('are results when they are off', async () => {
    const response = await reader({ allowPrivate: true }).send({
      method: 'GET',
      url: redirect('/echo'),
    });
    expect([response.status, response.headers['location']]).toEqual([302, '/echo']);
  });

  it('are followed with credentials at home, and without them abroad', async () => {
    const client = writer({ allowPrivate: true, maxRedirects: 3 });
    const headers = { authorization: 'x', 'x-api-key': 'x', 'x-in': 'kept', cookie: 'x' };
    const home = await client.send({ method: 'GET', url: redirect('/echo'), headers });
    expect(text(home.body)).toBe('kept');
    const abroad = await client.send({ method: 'GET', url: redirect(other.origin), headers });
    const seen = JSON.parse(text(abroad.body)) as Record<string, string>;
    expect([seen['authorization'], seen['x-api-key'], seen['cookie'], seen['x-in']]).toEqual([
      undefined,
      undefined,
      undefined,
      'kept',
    ]);
  });

  it.each([
    [301, 'GET', ''],
    [302, 'GET', ''],
    [303, 'GET', ''],
    [307, 'POST', 'body'],
    [308, 'POST', 'body'],
  ])('%s after POST becomes %s', async (status, method, body) => {
    const response = await writer({ allowPrivate: true, maxRedirects: 1 }).send({
      method: 'POST',
      url: redirect('/echo', status),
      body: new Uint8Array(Buffer.from('body')),
    });
    expect([response.headers['x-method'], text(response.body)]).toEqual([method, body]);
  });

  it('pass every check, and have an end', async () => {
    const listed = reader({
      allowPrivate: true,
      maxRedirects: 3,
      allow: [`127.0.0.1:${server.port}`],
    });
    const loop = `${server.origin}/redirect?status=302&to=`;
    const codes = await Promise.all([
      codeOf(listed.send({ method: 'GET', url: redirect(other.origin) })),
      codeOf(listed.send({ method: 'GET', url: redirect('file:///etc/passwd') })),
      codeOf(listed.send({ method: 'GET', url: redirect('http://u:p@127.0.0.1/') })),
      codeOf(listed.send({ method: 'GET', url: loop })),
    ]);
    expect(codes).toEqual(['EGRESS102', 'CAP124', 'CAP124', 'CAP124']);
  });
});

describe('limits', () => {
  it('ends a body that is too large, announced or not', async () => {
    const client = reader({ allowPrivate: true, maxResponseBytes: 1000 });
    const announced = writer({ allowPrivate: true, maxResponseBytes: 2 });
    const codes = await Promise.all([
      codeOf(client.send({ method: 'GET', url: `${server.origin}/large` })),
      codeOf(announced.send({ method: 'GET', url: `${server.origin}/nothing` })),
      codeOf(
        reader({ allowPrivate: true, maxHeaderBytes: 2000 }).send({
          method: 'GET',
          url: `${server.origin}/headers`,
        }),
      ),
    ]);
    expect(codes).toEqual(['CAP123', 'CAP123', 'CAP123']);
  });

  it('ends an exchange that takes too long, before or within the body', async () => {
    const client = reader({ allowPrivate: true, timeoutMs: 50 });
    const { port } = mute.address() as AddressInfo;
    const codes = await Promise.all([
      codeOf(client.send({ method: 'GET', url: `http://127.0.0.1:${port}/` })),
      codeOf(client.send({ method: 'GET', url: `${server.origin}/drip` })),
    ]);
    expect(codes).toEqual(['CAP122', 'CAP122']);
  });

  it('rejects with the reason of an abort, early or late', async () => {
    const client = reader({ allowPrivate: true });
    const stop = new AbortController();
    const sending = client.send({ method: 'GET', url: `${server.origin}/drip` }, stop.signal);
    setImmediate(() => stop.abort('enough'));
    await expect(sending).rejects.toBe('enough');
    const late = client.send({ method: 'GET', url: `${server.origin}/echo` }, stop.signal);
    await expect(late).rejects.toBe('enough');
  });

  it('names a cut and a refused connection, without the query', async () => {
    const client = reader({ allowPrivate: true });
    const cut = client.send({ method: 'GET', url: `${server.origin}/cut?key=hidden` });
    await expect(cut).rejects.toMatchObject({ diagnostic: { code: 'CAP125' } });
    await expect(cut).rejects.not.toThrow(/hidden/);
    const refused = client.send({ method: 'GET', url: 'http://127.0.0.1:1/' });
    expect(await codeOf(refused)).toBe('CAP125');
  });
});

// The whole host against requests that are made to break it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closeServed, hostedFlow, serve } from '../testing/hosted-flows.js';
import { post, send, type RawAnswer } from '../testing/raw-client.js';

afterEach(closeServed);
const code = (answer: RawAnswer) => (answer.json() as { code?: string }).code;

/** Sends bytes as they are and reads until the host closes the connection. */
function sendBytes(url: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(bytes, 'latin1'));
    let text = '';
    socket.on('data', (chunk) => (text += chunk.toString('latin1')));
    socket.on('close', () => resolve(text));
    socket.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ECONNRESET' ? resolve(text) : reject(error),
    );
  });
}

const ESCAPES = [
  '/../../../../etc/passwd',
  '/..%2f..%2f..%2fetc/passwd',
  '/%2e%2e/%2e%2e/%2e%2e/etc/passwd',
  '/%252e%252e%252f%252e%252e%252fetc%252fpasswd',
  '/..\\..\\..\\etc\\passwd',
  '/..%5c..%5c..%5cetc%5cpasswd',
  '/%00/etc/passwd',
  '/etc/passwd%00.html',
  '/....//....//etc/passwd',
  '/%c0%ae%c0%ae/%c0%ae%c0%ae/etc/passwd',
  '//etc/passwd',
  '/%2fetc%2fpasswd',
  '/;/../etc/passwd',
  '/%',
  '/%zz',
  '/private.txt',
  '/assets/../private.txt',
  '/manifest.json',
];

describe('paths', () => {
  let directory: string;
  beforeAll(() => void (directory = mkdtempSync(join(tmpdir(), 'pages-'))));
  afterAll(() => rmSync(directory, { recursive: true }));

  it('lead to nothing but routes', async () => {
    writeFileSync(join(directory, 'index.html'), '<p>pages</p>');
    writeFileSync(join(directory, 'manifest.json'), '{"assets":{"index.html":"text/html"}}');
    writeFileSync(join(directory, 'private.txt'), 'root:');
    const flows = [hostedFlow({ name: 'echo' })];
    const { url } = await serve(flows, { viewer: { directory } });
    expect((await send(url, '/_flows/')).text).toBe('<p>pages</p>');
    for (const prefix of ['', '/_flows', '/_flows/api', '/_flows/assets', '/echo']) {
      for (const escape of ESCAPES) {
        const answer = await send(url, prefix + escape);
        expect([prefix + escape, answer.status >= 400 && answer.status < 500]).toEqual([
          prefix + escape,
          true,
        ]);
        expect(answer.text).not.toContain('root:');
      }
    }
    expect((await send(url, '/healthz')).status).toBe(200);
  });

  it('are not compared more loosely by the guard than by the router', async () => {
    const { url } = await serve([hostedFlow({ name: 'echo' })]);
    const tried = [
      '/ECHO',
      '/echo/',
      '//echo',
      '/echo//',
      '/%65cho',
      '/./echo',
      '/x/../echo',
      '/echo;a=b',
    ];
    const statuses = await Promise.all(
      tried.map(async (path) => [path, (await post(url, path, 1)).status]),
    );
    expect(statuses.filter(([, status]) => status === 200)).toEqual([['/%65cho', 200]]);
  });
});

describe('payloads', () => {
  const pollute = [
    '{"__proto__":{"polluted":true}}',
    '{"a":{"__proto__":{"polluted":true}}}',
    '[{"__proto__":[]}]',
    '{"constructor":{"prototype":{"polluted":true}}}',
    '{"\\u005f_proto__":{"polluted":true}}',
  ];

  it('do not reach prototypes', async () => {
    const merge = (input: object) => {
      const target: Record<string, Record<string, unknown>> = {};
      for (const [key, value] of Object.entries(input)) Object.assign((target[key] ??= {}), value);
      return 'merged';
    };
    const { url } = await serve([hostedFlow({ name: 'merge', run: merge })]);
    for (const body of pollute) {
      const headers = { 'content-type': 'application/json' };
      const answer = await send(url, '/merge', { method: 'POST', headers, body });
      expect([body, answer.status, code(answer)]).toEqual([body, 400, 'HTTP110']);
    }
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it('do not reach prototypes through queries and headers', async () => {
    const flow = hostedFlow({
      name: 'meta',
      trigger: { method: 'GET' },
      run: (_input: unknown, { metadata }) => metadata.extensions['http.query']!,
    });
    const { url } = await serve([flow]);
    const answer = await send(
      url,
      '/meta?__proto__=x&__proto__[polluted]=1&constructor.prototype.polluted=1&a=1',
      { headers: { __proto__x: '1' } },
    );
    expect(answer.status).toBe(200);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    expect(Object.getPrototypeOf(answer.json())).toBe(Object.prototype);
    expect((answer.json() as { a: string[] }).a).toEqual(['1']);
  });

  it('stop at the limit of bytes', async () => {
    const { url } = await serve([hostedFlow({ name: 'echo' })], { maxBodyBytes: 1000 });
    expect(code(await post(url, '/echo', 'x'.repeat(2000)))).toBe('HTTP123');
    expect((await post(url, '/echo', 'x'.repeat(900))).status).toBe(200);
  });
});

describe('bytes that are no HTTP, or two requests in one', () => {
  it.each([
    ['noise', '\u0000\u0001\u0002\r\n\r\n', 400],
    [
      'two lengths',
      'POST /echo HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n12',
      400,
    ],
    [
      'a length and chunks',
      'POST /echo HTTP/1.1\r\nhost: localhost\r\ncontent-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
    ['a header without an end', 'GET / HTTP/1.1\r\nhost: localhost\r\nx: a\nb\r\n\r\n', 400],
    ['a space before the colon', 'GET / HTTP/1.1\r\nhost : localhost\r\n\r\n', 400],
    ['two hosts', 'GET /healthz HTTP/1.1\r\nhost: localhost\r\nHost: localhost\r\n\r\n', 400],
    ['no host', 'GET /echo HTTP/1.1\r\nconnection: close\r\n\r\n', 400],
    [
      'headers beyond the limit',
      `GET /echo HTTP/1.1\r\nhost: localhost\r\nx: ${'a'.repeat(20_000)}\r\n\r\n`,
      431,
    ],
  ])('%s', async (_, bytes, status) => {
    const { url } = await serve([hostedFlow({ name: 'echo' })]);
    const text = await sendBytes(url, bytes);
    expect(text.split('\r\n', 1)[0]).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(text.match(/HTTP\/1\.1 /g)).toHaveLength(1);
    expect((await send(url, '/healthz')).status).toBe(200);
  });

  it('a request that never ends is cut off', async () => {
    const options = { headersTimeoutMs: 200, requestTimeoutMs: 400 };
    const { url } = await serve([hostedFlow({ name: 'echo' })], options);
    const text = await sendBytes(
      url,
      'POST /echo HTTP/1.1\r\nhost: localhost\r\ncontent-length: 9\r\n\r\n1',
    );
    expect(text.split('\r\n', 1)[0]).toBe('HTTP/1.1 408 Request Timeout');
  });
});

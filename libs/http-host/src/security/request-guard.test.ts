import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NodeContext } from '@basalt/executor';
import { closeServed, hostedFlow, serve } from '../testing/hosted-flows.js';
import { post, send, type RawAnswer } from '../testing/raw-client.js';

const sha256 = (token: string) => createHash('sha256').update(token).digest('hex');
const code = (answer: RawAnswer) => [answer.status, (answer.json() as { code?: string }).code];
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

let dir: string;
let tokenFile: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'guard-'));
  tokenFile = join(dir, 'tokens.json');
  const tokens = [
    { name: 'ci', sha256: sha256('ci-token'), scopes: ['flow:echo:run'] },
    { name: 'watch', sha256: sha256('watch-token'), scopes: ['flow:*:view', 'host:metrics'] },
    { name: 'root', sha256: sha256('root-token'), scopes: ['*'] },
  ];
  writeFileSync(tokenFile, JSON.stringify({ tokens }));
});
afterAll(() => rmSync(dir, { recursive: true }));
afterEach(closeServed);

/** Tells what a node can know of its caller. */
const whoami = () =>
  hostedFlow({
    name: 'echo',
    run: (_input: unknown, { metadata }: NodeContext) => ({
      user: metadata.extensions['auth.user'] ?? null,
      headers: metadata.extensions['http.headers']!,
    }),
  });
const knownUser = async (answer: Promise<RawAnswer>) =>
  ((await answer).json() as { user: unknown }).user;

describe('tokens', () => {
  it('open what their scopes name', async () => {
    const flows = [whoami(), hostedFlow({ name: 'other' })];
    const { url } = await serve(flows, { security: { tokenFile } });
    const tried = async (path: string, token: string) =>
      code(await post(url, path, null, bearer(token)));
    expect(await tried('/echo', 'ci-token')).toEqual([200, undefined]);
    expect(await tried('/echo', 'root-token')).toEqual([200, undefined]);
    expect(await tried('/other', 'ci-token')).toEqual([403, 'HTTP203']);
    expect(await tried('/echo', 'watch-token')).toEqual([403, 'HTTP203']);
    expect(await tried('/nothing', 'ci-token')).toEqual([404, 'HTTP121']);
    const metrics = (token: string) => send(url, '/metrics', { headers: bearer(token) });
    expect((await metrics('watch-token')).status).toBe(200);
    expect(code(await metrics('ci-token'))).toEqual([403, 'HTTP203']);
    expect(code(await send(url, '/echo', { headers: bearer('ci-token') }))).toEqual([
      405,
      'HTTP122',
    ]);
  });

  it('are asked for as RFC 6750 says', async () => {
    const { url } = await serve([whoami()], { security: { tokenFile } });
    const none = await post(url, '/echo', null);
    expect([...code(none), none.headers['www-authenticate']]).toEqual([
      401,
      'HTTP201',
      'Bearer realm="basalt"',
    ]);
    const wrong = await post(url, '/echo', null, bearer('ci-token2'));
    expect([...code(wrong), wrong.headers['www-authenticate']]).toEqual([
      401,
      'HTTP202',
      'Bearer realm="basalt", error="invalid_token"',
    ]);
    const narrow = await post(url, '/echo', null, bearer('watch-token'));
    expect(narrow.headers['www-authenticate']).toBe(
      'Bearer realm="basalt", error="insufficient_scope", scope="flow:echo:run"',
    );
    expect(code(await send(url, '/nothing'))).toEqual([401, 'HTTP201']);
    expect((await send(url, '/healthz')).status).toBe(200);
    expect((await send(url, '/readyz')).status).toBe(200);
  });

  it.each([
    'Basic cm9vdDpyb290',
    'Bearer',
    'Bearer ',
    'Bearer a b',
    'Bearer \u00e9',
    `Bearer ${'x'.repeat(5000)}`,
    'ci-token',
    'Bearer ci-token, Bearer root-token',
  ])('are not found in %p', async (authorization) => {
    const { url } = await serve([whoami()], { security: { tokenFile } });
    const answer = await post(url, '/echo', null, {
      authorization: Buffer.from(authorization).toString('latin1'),
    });
    expect(code(answer)).toEqual([401, 'HTTP201']);
  });

  it('reach neither the flow nor the answer', async () => {
    const { url } = await serve([whoami()], { security: { tokenFile } });
    const answer = await post(url, '/echo', null, bearer('ci-token'));
    const { user, headers } = answer.json() as { user: unknown; headers: object };
    expect(user).toEqual({ token: 'ci' });
    expect(Object.keys(headers)).not.toContain('authorization');
    expect(JSON.stringify(answer)).not.toContain('ci-token');
  });

  it('cannot be guessed at speed', async () => {
    const { url } = await serve([whoami()], { security: { tokenFile } });
    const codes = [];
    for (let i = 0; i < 25; i += 1)
      codes.push((await post(url, '/echo', null, bearer(`guess-${i}`))).status);
    expect(codes.slice(0, 20)).toEqual(Array(20).fill(401));
    expect(codes.slice(20)).toEqual(Array(5).fill(429));
    const known = await post(url, '/echo', null, bearer('ci-token'));
    expect(known.status).toBe(200);
  });

  it('are refused together with a file that is not understood', async () => {
    const security = { tokenFile: join(dir, 'absent.json') };
    await expect(serve([whoami()], { security })).rejects.toThrow('HTTP200');
  });
});

describe('a host without tokens', () => {
  it('stays on its own machine unless it is told', async () => {
    const { host } = await serve([whoami()]);
    await expect(host.listen({ host: '0.0.0.0', port: 0 })).rejects.toThrow(
      'HTTP204: Without a token file',
    );
    await expect(host.listen({ host: '', port: 0 })).rejects.toThrow('HTTP204');
    await expect(host.listen({ host: '::', port: 0 })).rejects.toThrow('HTTP204');
  });

  it('answers to the names of its machine only', async () => {
    const { url } = await serve([whoami()]);
    const at = async (host: string) => code(await post(url, '/echo', null, { host }));
    const near = ['localhost', 'localhost:1', '127.0.0.1:8080', '[::1]:8080', 'app.localhost'];
    const far = ['evil.example', 'evil.example:80', '127.0.0.1.evil.example', '10.0.0.1'];
    for (const host of near) expect([host, ...(await at(host))]).toEqual([host, 200, undefined]);
    for (const host of far) expect([host, ...(await at(host))]).toEqual([host, 421, 'HTTP217']);
  });

  it('answers to every name where it may be open, and to those that are listed', async () => {
    const host = 'flows.example:443';
    const open = await serve([whoami()], { security: { allowUnauthenticated: true } });
    expect((await post(open.url, '/echo', null, { host })).status).toBe(200);
    const listed = await serve([whoami()], { security: { allowedHosts: ['Flows.Example'] } });
    expect((await post(listed.url, '/echo', null, { host })).status).toBe(200);
    expect(code(await post(listed.url, '/echo', null))).toEqual([421, 'HTTP217']);
    expect((await send(listed.url, '/healthz')).status).toBe(200);
  });
});

describe('identity headers', () => {
  const forged = {
    'x-auth-user': '{"sub":"root"}',
    'x-forwarded-for': '1.1.1.1',
    x_auth_user: 'root',
  };

  it('count for nothing from anybody', async () => {
    const { url } = await serve([whoami()]);
    const answer = await post(url, '/echo', null, forged);
    const { user, headers } = answer.json() as { user: unknown; headers: object };
    expect([user, Object.keys(headers).sort()]).toEqual([
      null,
      ['connection', 'content-length', 'content-type', 'host'],
    ]);
  });

  it('count from a trusted proxy', async () => {
    const { url } = await serve([whoami()], { security: { trustedProxies: ['127.0.0.0/8'] } });
    const as = (user: string) => knownUser(post(url, '/echo', null, { 'x-auth-user': user }));
    expect(await as('{"sub":"ada","roles":["a"]}')).toEqual({ sub: 'ada', roles: ['a'] });
    expect(await as('ada')).toBe('ada');
    expect(await as('{"__proto__":{"admin":true}}')).toBe('{"__proto__":{"admin":true}}');
    expect(await knownUser(post(url, '/echo', null))).toBeNull();
  });

  it('begin with proxies that are addresses', async () => {
    const security = { trustedProxies: ['proxy.example'] };
    await expect(serve([whoami()], { security })).rejects.toThrow(
      'HTTP213: The option trustedProxies',
    );
  });
});

describe('limits of clients', () => {
  it('refuse what is too much, and say when to come back', async () => {
    const { url } = await serve([whoami()], {
      security: { rateLimit: { perSecond: 0.01, burst: 2 } },
    });
    const [a, b, c] = [
      await post(url, '/echo', null),
      await post(url, '/echo', null),
      await post(url, '/echo', null),
    ];
    expect(
      [a!, b!, c!].map(({ status, headers }) => [
        status,
        headers['ratelimit-limit'],
        headers['ratelimit-remaining'],
      ]),
    ).toEqual([
      [200, '2', '1'],
      [200, '2', '0'],
      [429, '2', '0'],
    ]);
    expect(code(c!)).toEqual([429, 'HTTP210']);
    expect(Number(c!.headers['retry-after'])).toBeGreaterThanOrEqual(99);
    expect(Number(c!.headers['retry-after'])).toBeLessThanOrEqual(100);
    expect((await send(url, '/healthz')).status).toBe(200);
  });

  it('count each token and each address behind a proxy on its own', async () => {
    const rateLimit = { perSecond: 0.01, burst: 1 };
    const tokens = await serve([whoami()], { security: { tokenFile, rateLimit } });
    const as = async (token: string) =>
      (await post(tokens.url, '/echo', null, bearer(token))).status;
    expect([await as('ci-token'), await as('root-token'), await as('ci-token')]).toEqual([
      200, 200, 429,
    ]);
    const proxied = await serve([whoami()], {
      security: { trustedProxies: ['127.0.0.1'], rateLimit },
    });
    const from = async (ip: string) =>
      (await post(proxied.url, '/echo', null, { 'x-forwarded-for': ip })).status;
    expect([await from('192.0.2.1'), await from('192.0.2.2'), await from('192.0.2.1')]).toEqual([
      200, 200, 429,
    ]);
    expect([
      await from('2001:db8::1'),
      await from('2001:db8::2'),
      await from('2001:db8:0:1::1'),
    ]).toEqual([200, 429, 200]);
  });

  it('begin with numbers that mean something', async () => {
    const security = { rateLimit: { perSecond: 0 } };
    await expect(serve([whoami()], { security })).rejects.toThrow('HTTP213: The option rateLimit');
  });
});

describe('web pages', () => {
  const page = { origin: 'https://app.example' };
  const preflight = {
    method: 'OPTIONS',
    headers: {
      ...page,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type',
    },
  };
  const security = { cors: { origins: ['https://app.example'] } };

  it('of other origins are refused by default, in every form', async () => {
    const { url } = await serve([
      whoami(),
      hostedFlow({ name: 'get', trigger: { method: 'GET' } }),
    ]);
    expect(code(await post(url, '/echo', null, page))).toEqual([403, 'HTTP216']);
    expect(code(await post(url, '/echo', null, { origin: 'null' }))).toEqual([403, 'HTTP216']);
    expect(code(await send(url, '/get', { headers: { 'sec-fetch-site': 'cross-site' } }))).toEqual([
      403,
      'HTTP216',
    ]);
    expect((await send(url, '/get', { headers: { 'sec-fetch-site': 'same-origin' } })).status).toBe(
      200,
    );
    expect((await send(url, '/get', { headers: { 'sec-fetch-site': 'none' } })).status).toBe(200);
    const asked = await send(url, '/echo', preflight);
    expect([...code(asked), asked.headers['access-control-allow-origin']]).toEqual([
      403,
      'HTTP216',
      undefined,
    ]);
  });

  it('of the host itself are served', async () => {
    const { url } = await serve([whoami()]);
    expect((await post(url, '/echo', null, { origin: url })).status).toBe(200);
    expect(code(await post(url, '/echo', null, { origin: `${url}0` }))).toEqual([403, 'HTTP216']);
  });

  it('that are listed may ask and get the answer', async () => {
    const { url } = await serve([whoami()], { security });
    const asked = await send(url, '/echo', preflight);
    expect([asked.status, asked.text]).toEqual([204, '']);
    expect(asked.headers).toMatchObject({
      'access-control-allow-origin': 'https://app.example',
      'access-control-allow-methods': 'GET, POST',
      'access-control-allow-headers': 'content-type',
      'access-control-max-age': '600',
      vary: 'origin, access-control-request-method, access-control-request-headers',
    });
    const answer = await post(url, '/echo', null, page);
    expect([
      answer.status,
      answer.headers['access-control-allow-origin'],
      answer.headers.vary,
    ]).toEqual([200, 'https://app.example', 'origin']);
    expect(answer.headers).not.toHaveProperty('access-control-allow-credentials');
    expect((await post(url, '/echo', null)).headers.vary).toBe('origin');
    expect(code(await post(url, '/echo', null, { origin: 'https://app.example.evil' }))).toEqual([
      403,
      'HTTP216',
    ]);
    expect(code(await send(url, '/absent', preflight))).toEqual([404, 'HTTP121']);
  });

  it('can read a refusal that is meant for them', async () => {
    const { url } = await serve([whoami()], { security: { ...security, tokenFile } });
    expect((await send(url, '/echo', preflight)).status).toBe(204);
    const refused = await post(url, '/echo', null, page);
    expect([refused.status, refused.headers['access-control-allow-origin']]).toEqual([
      401,
      'https://app.example',
    ]);
  });
});

describe('headers of every answer', () => {
  it('are careful, also with errors', async () => {
    const { url } = await serve([whoami()], { security: { behindTls: true } });
    const answers = [
      await post(url, '/echo', null),
      await send(url, '/absent'),
      await post(url, '/echo', null, { origin: 'null' }),
      await send(url, '/healthz'),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 404, 403, 200]);
    for (const { headers } of answers) {
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'strict-transport-security': 'max-age=31536000',
      });
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
      expect([headers['x-powered-by'], headers['server']]).toEqual([undefined, undefined]);
    }
  });
});

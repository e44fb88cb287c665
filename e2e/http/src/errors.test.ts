// Every status that the host documents for a failure, with its envelope.
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { request } from 'undici';
import { askJson, jsonPost, postJson } from './json-request.js';
import { metric, until } from './metrics.js';
import { endServed, ownFlow, serve, type Served } from './served-process.js';

const OWN = ['work', 'broken', 'teapot', 'ticks'].map(ownFlow);

let host: Served;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'e2e-http-'));
  host = await serve(['s1_echo', 's4_preflight', ...OWN]);
});
afterAll(async () => {
  await endServed();
  rmSync(folder, { recursive: true });
});

async function post(path: string, body: string | Buffer, type = 'application/json') {
  const headers = { 'content-type': type };
  const answer = await request(`${host.url}${path}`, { method: 'POST', headers, body });
  return { status: answer.statusCode, body: await answer.body.json() };
}

describe('what is wrong with a request', () => {
  it.each<[string, string, string, string, number, unknown]>([
    [
      'a value that the trigger does not take is 400 with its place',
      '/echo',
      '{"text":5}',
      'application/json',
      400,
      {
        error: 'The payload does not match the schema of trigger trigger: /text must be string.',
        code: 'RUN116',
        details: { pointer: '/text' },
        run_id: null,
      },
    ],
    [
      'text that is no JSON is 400 with line and column',
      '/echo',
      '{"text":\n',
      'application/json',
      400,
      {
        error: 'The body is not JSON: a value is expected, where the text ends.',
        code: 'HTTP110',
        details: { line: 2, column: 1 },
        run_id: null,
      },
    ],
    [
      'bytes that are no CBOR are 400',
      '/echo',
      '\u0001\u0002',
      'application/cbor',
      400,
      expect.objectContaining({ code: 'HTTP110', run_id: null }),
    ],
    [
      'a type that nobody reads is 415',
      '/echo',
      'text=1',
      'application/x-www-form-urlencoded',
      415,
      {
        error:
          'The trigger trigger does not take the content type "application/x-www-form-urlencoded".',
        code: 'HTTP124',
        details: {},
        run_id: null,
      },
    ],
    [
      'a body beyond the limit of the trigger is 413',
      '/teapot',
      'x'.repeat(1001),
      'application/octet-stream',
      413,
      {
        error: 'The body is larger than the limit of 1000 bytes.',
        code: 'HTTP123',
        details: {},
        run_id: null,
      },
    ],
    [
      'a path that is not there is 404',
      '/nothing',
      '{}',
      'application/json',
      404,
      { error: 'There is nothing at /nothing.', code: 'HTTP121', details: {}, run_id: null },
    ],
  ])('%s', async (_name, path, body, type, status, envelope) => {
    expect(await post(path, body, type)).toEqual({ status, body: envelope });
  });

  it('another method is 405 and names those that are taken', async () => {
    const answer = await askJson(`${host.url}/echo`, 'DELETE');
    expect([answer.status, answer.headers['allow'], answer.body]).toEqual([
      405,
      'OPTIONS, POST',
      {
        error: '/echo does not take DELETE, but OPTIONS, POST.',
        code: 'HTTP122',
        details: { allow: ['OPTIONS', 'POST'] },
        run_id: null,
      },
    ]);
  });

  it('an unusable idempotency key is 400', async () => {
    const answer = await postJson(`${host.url}/echo`, { text: 'a' }, { 'idempotency-key': 'a b' });
    expect([answer.status, answer.body]).toMatchObject([400, { code: 'HTTP131', run_id: null }]);
  });

  it('an event that nobody has sent is 410', async () => {
    const answer = await postJson(`${host.url}/ticks`, null, { 'last-event-id': 'x/1' });
    expect([answer.status, answer.body]).toMatchObject([410, { code: 'HTTP141', run_id: null }]);
  });
});

describe('what goes wrong in a run', () => {
  it.each([
    ['of its trigger', [], 100],
    ['of the host', ['--deadline-ms', '90'], 90],
  ])('a deadline that passes, %s, is 504', async (_name, words, ms) => {
    const { url, stop } = await serve([ownFlow('late')], 'flows', words);
    const answer = await postJson(`${url}/late`, { ms: 1 });
    const error = `The execution took longer than its limit of ${ms} ms.`;
    expect([answer.status, answer.body]).toEqual([
      504,
      { error, code: 'TIME015', details: {}, run_id: expect.any(String) as unknown },
    ]);
    expect(await stop()).toBe(0);
  });

  it.each<[string, string, unknown, number, object]>([
    [
      'a failure is 500 and says nothing of the inside',
      '/broken',
      {},
      500,
      { error: 'A handler failed', code: 'RUN101', details: {} },
    ],
    [
      'a capability that is not bound is 500 with its hints',
      '/lookup',
      { key: 'a' },
      500,
      {
        error:
          'The flow s4_preflight_flow needs resource::kv, resource::kv::read, for which no provider is bound.',
        code: 'CAP101',
        details: { hints: ['resource::kv', 'resource::kv::read'] },
      },
    ],
  ])('%s', async (_name, path, payload, status, envelope) => {
    const answer = await postJson(`${host.url}${path}`, payload);
    const runId = answer.headers['x-basalt-run-id'];
    expect([answer.status, answer.body]).toEqual([status, { ...envelope, run_id: runId }]);
  });

  it('a caller that leaves cancels its run, which is counted as 4xx', async () => {
    const cancelled = () => metric(host, 'basalt_executor_cancellations_total');
    const before = await cancelled();
    const leave = new AbortController();
    const cut = fetch(`${host.url}/work`, { ...jsonPost({ ms: 60_000 }), signal: leave.signal });
    await until(async () => (await metric(host, 'basalt_host_inflight_runs')) > 0);
    leave.abort();
    await expect(cut).rejects.toThrow();
    await until(async () => (await cancelled()) === before + 1);
    const labels = 'route="/work",status_class="4xx"';
    const counted = () => metric(host, 'basalt_host_http_requests_total', labels);
    await until(async () => (await counted()) === 1);
  });
});

describe('too much', () => {
  it('is 503 with Retry-After where no execution has a place', async () => {
    const small = await serve([ownFlow('work'), '--max-runs', '1', '--max-queued', '0']);
    const leave = new AbortController();
    const first = fetch(`${small.url}/work`, { ...jsonPost({ ms: 60_000 }), signal: leave.signal });
    await until(async () => (await fetch(`${small.url}/readyz`)).status === 503);
    const answer = await postJson(`${small.url}/work`, { ms: 1 });
    expect([answer.status, answer.headers['retry-after'], answer.body]).toEqual([
      503,
      '1',
      {
        error: '1 executions are under way and 0 wait; no more are taken.',
        code: 'HTTP150',
        details: { retry_after_s: 1 },
        run_id: null,
      },
    ]);
    leave.abort();
    await expect(first).rejects.toThrow();
    await until(async () => (await postJson(`${small.url}/work`, { ms: 1 })).status === 200);
    expect(await small.stop()).toBe(0);
  });

  it('is 429 with Retry-After where one client asks too often', async () => {
    const limited = await serve(['s1_echo', '--rate-limit', '1']);
    const all = await Promise.all(
      Array.from({ length: 20 }, () => postJson(`${limited.url}/echo`, { text: 'a' })),
    );
    const refused = all.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.length + all.filter(({ status }) => status === 200).length).toBe(20);
    const [one] = refused;
    expect([Number(one!.headers['retry-after']) > 0, one!.body]).toMatchObject([
      true,
      { code: 'HTTP210', run_id: null },
    ]);
    expect(await limited.stop()).toBe(0);
  });
});

it('tokens: 401 without one or with a wrong one, 403 without its scope', async () => {
  const tokenFile = join(folder, 'tokens.json');
  const sha256 = createHash('sha256').update('sesame').digest('hex');
  const tokens = [{ name: 'ci', sha256, scopes: ['flow:s1_echo:run'] }];
  writeFileSync(tokenFile, JSON.stringify({ tokens }));
  const guarded = await serve(['s1_echo', 's3_branching', '--token-file', tokenFile]);
  const ask = async (path: string, headers: Record<string, string>) => {
    const { status, body } = await postJson(`${guarded.url}${path}`, { text: 'A' }, headers);
    return [status, (body as { code?: string }).code];
  };
  const sesame = { authorization: 'Bearer sesame' };
  expect([
    await ask('/echo', {}),
    await ask('/echo', { authorization: 'Bearer open' }),
    await ask('/branch', sesame),
    await ask('/echo', sesame),
  ]).toEqual([
    [401, 'HTTP201'],
    [401, 'HTTP202'],
    [403, 'HTTP203'],
    [200, undefined],
  ]);
  expect(await guarded.stop()).toBe(0);
});

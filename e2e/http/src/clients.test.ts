// Values, types, keys and headers, as undici and curl see them.
import { decodeCanonical, encodeCanonical } from '@basalt/ir';
import { request } from 'undici';
import { curl } from './curl.js';
import { postJson } from './json-request.js';
import { metric, until } from './metrics.js';
import { endServed, ownFlow, serve, type Served } from './served-process.js';

const SHIPPED = ['s1_echo', 's3_branching', 's4_preflight', 'order_enrichment'];
const OWN = ['stamp', 'teapot', 'work'].map(ownFlow);
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

let host: Served;
beforeAll(async () => {
  host = await serve([...SHIPPED, ...OWN, '--bind', 'kv=memory']);
});
afterAll(endServed);

describe('shipped flows', () => {
  it.each<[string, string, unknown, unknown]>([
    ['s1_echo', '/echo', { text: '  Hello World ' }, { text: 'hello world' }],
    ['s3_branching', '/branch', { flag: false, mode: 'fast' }, { path: 'off' }],
    ['s3_branching', '/branch', { flag: true, mode: 'fast' }, { path: 'on/fast' }],
    ['s3_branching', '/branch', { flag: true, mode: 'auto' }, { path: 'on/other' }],
    ['s4_preflight', '/lookup', { key: 'none' }, { key: 'none', found: false, value: '' }],
    [
      'order_enrichment',
      '/orders/enrich',
      { id: 'o', country: 'DE', lines: [{ sku: 'lamp', quantity: 12, unit: 20 }] },
      { net: 240, gross: 285.6, parcels: 2 },
    ],
  ])('%s answers undici and curl alike at %s', async (_name, path, payload, output) => {
    const answer = await postJson(`${host.url}${path}`, payload);
    expect([answer.status, answer.headers['content-type'], answer.body]).toEqual([
      200,
      'application/json; charset=utf-8',
      output,
    ]);
    expect(answer.headers['x-basalt-run-id']).toMatch(UUID);
    const json = ['-H', 'content-type: application/json', '--data-binary', '@-'];
    const other = await curl([...json, `${host.url}${path}`], Buffer.from(JSON.stringify(payload)));
    expect([other.exit, other.status, JSON.parse(other.body.toString())]).toEqual([0, 200, output]);
    expect(other.headers['x-basalt-run-id']).not.toBe(answer.headers['x-basalt-run-id']);
  });
});

describe('content types', () => {
  it('CBOR goes in and comes out', async () => {
    const type = { 'content-type': 'application/cbor', accept: 'application/cbor' };
    const body = encodeCanonical({ text: ' ABC ' });
    const answer = await request(`${host.url}/echo`, { method: 'POST', headers: type, body });
    const bytes = new Uint8Array(await answer.body.arrayBuffer());
    expect([answer.statusCode, answer.headers['content-type'], decodeCanonical(bytes)]).toEqual([
      200,
      'application/cbor',
      { text: 'abc' },
    ]);
  });

  it('bytes go in and come out, with a status and headers of the flow', async () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
    const answer = await curl(
      ['-H', 'content-type: application/octet-stream', '--data-binary', '@-', `${host.url}/teapot`],
      bytes,
    );
    expect([answer.exit, answer.status, answer.headers['content-type']]).toEqual([
      0,
      418,
      'application/x-tea',
    ]);
    expect([...answer.body]).toEqual([...bytes].reverse());
    expect(answer.headers['x-cups']).toBe('2');
  });
});

describe('an idempotency key', () => {
  it('gives the first answer again and runs nothing twice', async () => {
    const headers = { 'idempotency-key': 'order-1' };
    const runs = () => metric(host, 'basalt_executor_node_latency_ms_count', 'node="draw"');
    const before = await runs();
    const all = await Promise.all(
      Array.from({ length: 8 }, () => postJson(`${host.url}/stamp`, { n: 1 }, headers)),
    );
    const again = await postJson(`${host.url}/stamp`, { n: 1 }, headers);
    expect(again.headers['idempotent-replayed']).toBe('true');
    for (const one of all) {
      expect([one.status, one.body, one.headers['x-basalt-run-id']]).toEqual([
        200,
        again.body,
        again.headers['x-basalt-run-id'],
      ]);
    }
    expect(all.filter((one) => one.headers['idempotent-replayed'] === undefined).length).toBe(1);
    expect((await runs()) - before).toBe(1);
    const other = await postJson(`${host.url}/stamp`, { n: 2 }, headers);
    expect([other.status, other.body]).toMatchObject([422, { code: 'HTTP130', run_id: null }]);
    const fresh = await postJson(`${host.url}/stamp`, { n: 1 });
    expect(fresh.body).not.toEqual(again.body);
  });

  it('lets an execution go on whose caller left', async () => {
    const headers = { 'idempotency-key': 'left' };
    const leave = new AbortController();
    const cut = request(`${host.url}/work`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: '{"ms":3000}',
      signal: leave.signal,
    });
    await until(async () => (await metric(host, 'basalt_host_inflight_runs')) === 1);
    leave.abort();
    await expect(cut).rejects.toThrow();
    const answer = await postJson(`${host.url}/work`, { ms: 3000 }, headers);
    expect([answer.status, answer.body]).toEqual([200, { done: true }]);
  });
});

it('the host program serves the same', async () => {
  const own = await serve([ownFlow('stamp'), '--no-viewer'], 'host');
  const answer = await postJson(`${own.url}/stamp`, null);
  expect([answer.status, Object.keys(answer.body as object)]).toEqual([200, ['stamp']]);
  const viewer = await request(`${own.url}/_flows/`);
  expect(viewer.statusCode).toBe(404);
  await viewer.body.dump();
  expect(await own.stop()).toBe(0);
});

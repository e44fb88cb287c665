// A short slice of the load: no answer is wrong, none is missing, and what cannot be taken is told so.
import { Pool } from 'undici';
import { metric } from './metrics.js';
import { endServed, ownFlow, residentMegabytes, serve, type Served } from './served-process.js';

afterEach(endServed);

interface Outcome {
  readonly status: number;
  readonly body: unknown;
  readonly retryAfter: unknown;
}

/** Sends `requests` over `connections`, each when one before has its answer. */
async function drive(
  { url }: Served,
  path: string,
  payloads: readonly unknown[],
  connections: number,
): Promise<readonly Outcome[]> {
  const pool = new Pool(url, { connections });
  const outcomes: Outcome[] = [];
  let next = 0;
  const loops = Array.from({ length: connections }, async () => {
    while (next < payloads.length) {
      const i = next;
      next += 1;
      const { statusCode, headers, body } = await pool.request({
        method: 'POST',
        path,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(payloads[i]),
      });
      const value: unknown = await body.json();
      outcomes[i] = { status: statusCode, body: value, retryAfter: headers['retry-after'] };
    }
  });
  await Promise.all(loops);
  await pool.close();
  return outcomes;
}

it('answers 1,500 requests over 8, 64 and 256 connections, each with its own', async () => {
  const host = await serve(['s1_echo']);
  for (const connections of [8, 64, 256]) await answersAll(host, connections);
  const labels = 'route="/echo",status_class="2xx"';
  expect(await metric(host, 'basalt_host_http_requests_total', labels)).toBe(4500);
  expect(await metric(host, 'basalt_host_inflight_runs')).toBe(0);
  expect(await host.stop()).toBe(0);
});

async function answersAll(host: Served, connections: number): Promise<void> {
  const payloads = Array.from({ length: 1500 }, (_, i) => ({ text: ` Number ${i} ` }));
  const outcomes = await drive(host, '/echo', payloads, connections);
  const expected = payloads.map((_, i) => ({
    status: 200,
    body: { text: `number ${i}` },
    retryAfter: undefined,
  }));
  expect(outcomes).toEqual(expected);
  const megabytes = Math.round(residentMegabytes(host));
  process.stdout.write(`after ${connections} connections: ${megabytes} MiB\n`);
}

it('takes what it can of too much, and tells the rest to come back', async () => {
  const host = await serve([ownFlow('work'), '--max-runs', '8', '--max-queued', '8']);
  const payloads = Array.from({ length: 600 }, () => ({ ms: 20 }));
  const outcomes = await drive(host, '/work', payloads, 100);
  const done = outcomes.filter(({ status }) => status === 200);
  const refused = outcomes.filter(({ status }) => status === 503);
  expect(done.length + refused.length).toBe(600);
  expect(done.length).toBeGreaterThanOrEqual(16);
  expect(refused.length).toBeGreaterThan(0);
  for (const { body } of done) expect(body).toEqual({ done: true });
  for (const { body, retryAfter } of refused) {
    expect([retryAfter, body]).toMatchObject(['1', { code: 'HTTP150', run_id: null }]);
  }
  expect(await metric(host, 'basalt_host_inflight_runs')).toBe(0);
  expect(await host.stop()).toBe(0);
});

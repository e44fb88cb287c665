// The end of a host: what is under way gets done, what is new is refused, a second signal ends at once,
// and whatever happened to the last one, the next host serves.
import { jsonPost, postJson } from './json-request.js';
import { metric, until } from './metrics.js';
import { endServed, ownFlow, serve, type Served } from './served-process.js';

afterEach(endServed);

const FLOWS = ['s1_echo', ownFlow('work'), ownFlow('ticks')];

/** Starts a host with executions under way, and sends it SIGTERM. */
async function draining(workMs: number, ...words: string[]) {
  const host = await serve([...FLOWS, ...words]);
  const value = postJson(`${host.url}/work`, { ms: workMs });
  const accept = { accept: 'application/x-ndjson' };
  const stream = await fetch(`${host.url}/ticks`, jsonPost({ count: 20, ms: workMs / 20 }, accept));
  await until(async () => (await metric(host, 'basalt_host_inflight_runs')) === 2);
  host.child.kill('SIGTERM');
  await until(async () => (await ready(host)) === 503);
  return { host, value, stream };
}

async function ready({ url }: Served): Promise<number> {
  return (await fetch(`${url}/readyz`)).status;
}

it('SIGTERM: runs and streams come to their end, new ones are refused, and the port is free', async () => {
  const { host, value, stream } = await draining(5000);
  const refused = await postJson(`${host.url}/echo`, { text: 'A' });
  expect([refused.status, refused.headers['retry-after'], refused.body]).toEqual([
    503,
    '1',
    {
      error: 'The host is shutting down and starts nothing new.',
      code: 'HTTP151',
      details: {},
      run_id: null,
    },
  ]);
  expect([(await value).status, (await value).body]).toEqual([200, { done: true }]);
  expect((await stream.text()).split('\n').length).toBe(21);
  expect(await host.ended).toBe(0);
  const next = await serve([...FLOWS, '--addr', new URL(host.url).host]);
  expect(next.port).toBe(host.port);
  expect((await postJson(`${next.url}/echo`, { text: 'A' })).status).toBe(200);
});

it('runs that take longer than the drain are cancelled, and their callers are told', async () => {
  const { host, value, stream } = await draining(600_000, '--drain-ms', '300');
  expect([(await value).status, (await value).body]).toMatchObject([503, { details: {} }]);
  const last = (await stream.text()).trim().split('\n').at(-1)!;
  expect(JSON.parse(last)).toMatchObject({ $error: { run_id: expect.any(String) as string } });
  expect(await host.ended).toBe(0);
});

it.each(['SIGTERM', 'SIGINT'] as const)('a second signal, %s, cancels at once', async (signal) => {
  const { host, value } = await draining(600_000, '--drain-ms', '600000');
  host.child.kill(signal);
  expect((await value).status).toBe(503);
  expect(await host.ended).toBe(130);
});

it('kill -9 while draining: callers see the end of the connection, and the next host serves', async () => {
  const { host, value, stream } = await draining(600_000, '--drain-ms', '600000');
  host.child.kill('SIGKILL');
  await expect(value).rejects.toThrow();
  await expect(stream.text()).rejects.toThrow();
  expect(await host.ended).toBe('SIGKILL');
  const next = await serve([...FLOWS, '--addr', new URL(host.url).host]);
  expect((await postJson(`${next.url}/echo`, { text: 'A' })).body).toEqual({ text: 'a' });
});

it('SIGTERM with nothing under way ends at once, in spite of idle connections', async () => {
  const host = await serve(FLOWS);
  expect((await postJson(`${host.url}/echo`, { text: 'A' })).status).toBe(200);
  expect(await host.stop()).toBe(0);
});

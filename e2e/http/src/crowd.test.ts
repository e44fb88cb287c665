// 1,000 readers of event streams at once: each gets every event in its order, and the memory of the host
// is bounded.
import { runCrowd } from './crowd-client.js';
import { metric, until } from './metrics.js';
import { postJson } from './json-request.js';
import { endServed, ownFlow, residentMegabytes, serve } from './served-process.js';

const CLIENTS = 1000;
const EVENTS = 25;

afterAll(endServed);

it('serves 1,000 event streams at once, without a gap, in bounded memory', async () => {
  const host = await serve(['s1_echo', ownFlow('ticks')]);
  const crowd = (payload: unknown) =>
    runCrowd({ port: host.port, path: '/ticks', payload, clients: CLIENTS, staggerMs: 1 });
  const first = await crowd({ count: 3, ms: 120 });
  expect([first.complete, new Set(first.events)]).toEqual([CLIENTS, new Set([3])]);
  const before = residentMegabytes(host);
  const found = crowd({ count: EVENTS, ms: 120 });
  await until(async () => (await metric(host, 'basalt_host_sse_clients')) > 0);
  expect((await postJson(`${host.url}/echo`, { text: 'A' })).body).toEqual({ text: 'a' });
  const { complete, events, gaps } = await found;
  expect([complete, new Set(events), gaps.length]).toEqual([
    CLIENTS,
    new Set([EVENTS]),
    CLIENTS * EVENTS,
  ]);
  // 1,000 streams have been kept for their readers to come back, each with 25 events.
  expect(residentMegabytes(host) - before).toBeLessThan(150);
  const sorted = [...gaps].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor((sorted.length - 1) * share)]!.toFixed(1);
  const told = `p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, p99 ${at(0.99)} ms`;
  process.stdout.write(`gaps of ${CLIENTS} streams of an event each 120 ms: ${told}\n`);
  await until(async () => (await metric(host, 'basalt_host_inflight_runs')) === 0);
  expect(await host.stop()).toBe(0);
});

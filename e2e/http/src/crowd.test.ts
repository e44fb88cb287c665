// 1,000 readers of event streams at once: each gets every event in its order, and the memory of the host
// is bounded. How evenly they arrive is measured by tools/bench, case sse-1000.
import { readEvents, type EventReading } from './event-client.js';
import { jsonPost, postJson } from './json-request.js';
import { metric, until } from './metrics.js';
import { endServed, ownFlow, residentMegabytes, serve } from './served-process.js';

const CLIENTS = 1000;

afterAll(endServed);

it('serves 1,000 event streams at once, without a gap, in bounded memory', async () => {
  const host = await serve(['s1_echo', ownFlow('ticks')]);
  const crowd = (payload: unknown) =>
    Promise.all(
      Array.from({ length: CLIENTS }, () => readEvents(`${host.url}/ticks`, jsonPost(payload))),
    );
  const isWhole = (count: number) => (reading: EventReading) =>
    reading.runIds.length === 1 &&
    reading.events.length === count + 1 &&
    reading.events.every(({ id }, i) => id === `${reading.runIds[0]}/${i + 1}`) &&
    reading.events.at(-1)!.event === 'end';
  expect((await crowd({ count: 3, ms: 120 })).filter(isWhole(3)).length).toBe(CLIENTS);
  const before = residentMegabytes(host);
  const found = crowd({ count: 15, ms: 120 });
  await until(async () => (await metric(host, 'basalt_host_sse_clients')) > CLIENTS / 2);
  expect((await fetch(`${host.url}/healthz`)).status).toBe(200);
  expect((await found).filter(isWhole(15)).length).toBe(CLIENTS);
  const grown = residentMegabytes(host) - before;
  process.stdout.write(`1,000 event streams added ${Math.round(grown)} MiB\n`);
  // Each is kept for its reader to come back, with 15 events.
  expect(grown).toBeLessThan(150);
  await until(async () => (await metric(host, 'basalt_host_inflight_runs')) === 0);
  expect((await postJson(`${host.url}/echo`, { text: 'A' })).body).toEqual({ text: 'a' });
  expect(await host.stop()).toBe(0);
});

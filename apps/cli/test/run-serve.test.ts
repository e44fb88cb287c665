// flows run serve as users start it: a process, a port, real requests, a signal.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runFlows, withFolder } from './testing/run-flows.js';
import { LISTENING, LOCALLY, post, startHost } from './testing/running-host.js';

async function serve(...args: readonly string[]) {
  const { found: url, stop } = await startHost(['run', 'serve', ...args, ...LOCALLY], LISTENING);
  return { url, stop };
}

test('several shipped flows answer on their routes until a signal comes', async () => {
  const { url, stop } = await serve('s1_echo', 'order_enrichment');
  const echo = await post(`${url}/echo`, { text: '  Hi ' });
  expect([echo.status, await echo.json()]).toEqual([200, { text: 'hi' }]);
  expect(echo.headers.get('x-basalt-run-id')).toMatch(/^[0-9a-f-]{36}$/);
  const order = { id: 'o', country: 'DE', lines: [{ sku: 'lamp', quantity: 12, unit: 20 }] };
  const enriched = await post(`${url}/orders/enrich`, order);
  expect(await enriched.json()).toEqual({ net: 240, gross: 285.6, parcels: 2 });
  const bad = await post(`${url}/echo`, { text: 5 });
  expect([bad.status, await bad.json()]).toMatchObject([400, { code: 'RUN116' }]);
  const viewer = await fetch(`${url}/_flows/`);
  expect([viewer.status, viewer.headers.get('content-type')]).toEqual([
    200,
    'text/html; charset=utf-8',
  ]);
  expect(await stop()).toBe(0);
});

test('a stream comes as server-sent events', async () => {
  const { url, stop } = await serve('s2_site');
  const response = await post(`${url}/site/stream`, { site: 'example.org' });
  const events = (await response.text()).split('\n').filter((line) => line.startsWith('data: {'));
  expect(events.map((line) => (JSON.parse(line.slice(6)) as { step: string }).step)).toEqual([
    'queued',
    'fetching',
    'parsing',
    'indexing',
    'publishing',
    'done',
  ]);
  expect(await stop()).toBe(0);
});

test('an address that is taken is refused', async () => {
  const { url, stop } = await serve('s1_echo');
  const outcome = await runFlows(['run', 'serve', 's1_echo', '--addr', new URL(url).host]);
  expect(outcome.status).toBe(1);
  expect(outcome.stderr).toContain('error HTTP104: The host cannot listen on');
  expect(outcome.stderr).toContain('another program listens there');
  expect(await stop()).toBe(0);
});

test('a flow with findings is not served', async () => {
  await withFolder(async (cwd) => {
    const flow = `import { defineFlow } from '@basalt/flow-dsl';
export const f = defineFlow('f', { version: '1.0.0' }, (b) => {
  b.inline('alone', { run: (v) => v });
});
`;
    await writeFile(join(cwd, 'flow.ts'), flow);
    const outcome = await runFlows(['run', 'serve', 'flow.ts', '--addr', '127.0.0.1:0'], { cwd });
    expect(outcome.status).toBe(1);
    expect(outcome.stderr).toContain('DAG209');
  });
});

test.each([
  [['s1_echo', '--addr', 'nowhere'], 2],
  [['s1_echo', '--addr', '0.0.0.0:0'], 1],
  [['no_such_flow'], 1],
  [['-'], 2],
  [[], 2],
])('%j is refused with %i', async (args, status) => {
  const outcome = await runFlows(['run', 'serve', ...args]);
  expect([outcome.status, outcome.stdout]).toEqual([status, '']);
  expect(outcome.stderr).not.toBe('');
});

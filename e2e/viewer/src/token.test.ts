// A host with tokens: the pages ask for one, keep it for the tab, and show what it allows.
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ViewerSession, type FlowFacts } from './viewer-session.js';

const session = new ViewerSession();
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'viewer-token-'));
  const tokenFile = join(folder, 'tokens.json');
  const entry = (token: string, ...scopes: string[]) => ({
    name: token,
    sha256: createHash('sha256').update(token).digest('hex'),
    scopes,
  });
  const tokens = [
    entry('look-only', 'flow:s1_echo:view'),
    entry('run-too', 'flow:slow_work:view', 'flow:slow_work:run', 'flow:slow_work:cancel'),
    entry('all', '*'),
  ];
  writeFileSync(tokenFile, JSON.stringify({ tokens }));
  await session.start({ security: { tokenFile } });
});
afterAll(async () => {
  await session.end();
  rmSync(folder, { recursive: true });
});

it('asks for a token, says when it is wrong, and shows what it allows', async () => {
  const page = await session.open('');
  const field = page.getByLabel('Bearer token');
  await field.fill('wrong');
  await page.getByRole('button', { name: 'Use token' }).click();
  await page.getByText('is not one that this host knows').waitFor();
  await field.fill('look-only');
  await page.getByRole('button', { name: 'Use token' }).click();
  await page.getByRole('link', { name: 's1_echo' }).click();
  await page.locator('.node').first().waitFor();
  expect(await page.locator('.actions').innerText()).toBe('Runs');
  await page.getByRole('link', { name: 'Flows', exact: true }).click();
  await page.getByText('1 flow', { exact: true }).waitFor();
  expect(await page.evaluate(() => [localStorage.length, document.cookie])).toEqual([0, '']);
  await page.close();
});

it('runs and cancels with a token that may, and follows the run live', async () => {
  const page = await session.open('');
  await page.getByLabel('Bearer token').fill('run-too');
  await page.getByRole('button', { name: 'Use token' }).click();
  await page.getByRole('link', { name: 'slow_work' }).click();
  await page.getByRole('button', { name: 'Start run' }).click();
  const form = page.getByRole('dialog');
  await form.getByLabel('items').fill('1');
  await form.getByLabel('ms', { exact: true }).fill('60000');
  await form.getByRole('button', { name: 'Start run' }).click();
  await page.locator('.node.state-running').filter({ hasText: 'work' }).waitFor();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.locator('.badge.status-cancelled').waitFor();
  await page.close();
});

/** The status and the code of a request to the API behind the pages. */
async function ask(token: string | undefined, path: string, body?: object) {
  const answer = await fetch(`${session.host.pages}api/${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      'content-type': 'application/json',
      'x-basalt-viewer': '1',
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const json = (await answer.json()) as { code?: string; run_id?: string; flows?: FlowFacts[] };
  return { seen: [answer.status, json.code], json };
}

it('is no way around the scopes of a token', async () => {
  const { flows = [] } = (await ask('all', 'flows')).json;
  const idOf = (name: string) => flows.find((flow) => flow.name === name)!.id;
  const echo = `flows/${idOf('s1_echo')}`;
  const slow = `flows/${idOf('slow_work')}`;
  const started = (await ask('all', `${slow}/runs`, { payload: { items: 1, ms: 60_000 } })).json;
  const run = `runs/${started.run_id}`;
  const tried = async (token: string | undefined) => ({
    flows: (await ask(token, 'flows')).json.flows?.map(({ name }) => name),
    echo: (await ask(token, echo)).seen,
    start: (await ask(token, `${echo}/runs`, { payload: { text: 'x' } })).seen,
    run: (await ask(token, run)).seen,
    node: (await ask(token, `${run}/nodes/work`)).seen,
    cancel: (await ask(token, `${run}/cancel`, {})).seen,
    again: (await ask(token, `${run}/again`, {})).seen,
  });
  const none = [401, 'HTTP201'];
  const noFlow = [404, 'VIEW001'];
  const noRun = [404, 'VIEW002'];
  expect(await tried(undefined)).toEqual({
    flows: undefined,
    ...{ echo: none, start: none, run: none, node: none, cancel: none, again: none },
  });
  expect(await tried('look-only')).toEqual({
    flows: ['s1_echo'],
    echo: [200, undefined],
    start: [403, 'HTTP203'],
    ...{ run: noRun, node: noRun, cancel: noRun, again: noRun },
  });
  expect(await tried('run-too')).toMatchObject({
    flows: ['slow_work'],
    ...{ echo: noFlow, start: noFlow, run: [200, undefined] },
  });
});

// A secret that a flow gives away is on no page of the viewer, whatever is opened.
import type { Page } from 'playwright-core';
import { DOOR_KEY } from './serve-viewer.js';
import { ViewerSession } from './viewer-session.js';

const session = new ViewerSession();
beforeAll(() => session.start());
afterAll(() => session.end());
afterEach(() => expect(session.faults).toEqual([]));

/** The text of a page, its markup, and what is in its fields. */
async function allOf(page: Page): Promise<string> {
  const fields = await page
    .locator('input, textarea, select')
    .evaluateAll((found) => found.map((field) => (field as HTMLInputElement).value));
  const text = await page.evaluate(() => document.documentElement.textContent);
  return [await page.content(), text, page.url(), await page.title(), ...fields].join('\n');
}

async function expectNoSecret(page: Page): Promise<void> {
  const found = await allOf(page);
  for (const part of [DOOR_KEY, encodeURIComponent(DOOR_KEY), 'k3y']) {
    expect(found).not.toContain(part);
  }
  expect(found).not.toContain(Buffer.from(DOOR_KEY).toString('base64').slice(0, 12));
}

it.each(['answer', 'fail'])('a run that gives a secret away (%s) shows none of it', async (how) => {
  const id = await session.startRun('give_away', { how, note: `mind ${DOOR_KEY}` });
  const page = await session.open(`#/runs/${id}`);
  await page.locator(how === 'fail' ? '.badge.status-failed' : '.badge.status-completed').waitFor();
  // It is shown that something was left out, in the input and in what came out.
  await page.getByText('mind [redacted]').first().waitFor();
  const out = how === 'fail' ? 'the key [redacted] does not fit' : 'opened with [redacted]';
  await page.getByText(out).first().waitFor();
  for (const summary of await page.locator('.panel > summary').all()) await summary.click();
  await expectNoSecret(page);
  await page.goto(`${session.host.pages}#/runs/${id}?node=open`);
  await page.locator('.attempt pre').first().waitFor();
  await expectNoSecret(page);
  await page.getByRole('link', { name: 'Runs', exact: true }).first().click();
  await page.locator('.run-row').first().waitFor();
  await expectNoSecret(page);
  await page.close();
});

it('the form of a run that is started again holds none of it', async () => {
  const page = await session.open(`#/flows/${session.flowId('give_away')}`);
  await page.getByRole('button', { name: 'Start run' }).click();
  await expectNoSecret(page);
  const form = page.getByRole('dialog');
  await form.getByLabel('how', { exact: true }).selectOption('answer');
  await form.getByLabel('note').fill('from the form');
  await form.getByRole('button', { name: 'Start run' }).click();
  await page.locator('.badge.status-completed').waitFor();
  await page.getByRole('button', { name: 'Run again' }).click();
  await page.getByText('viewer.again_of').waitFor();
  await page.locator('.badge.status-completed').waitFor();
  await expectNoSecret(page);
  await page.close();
});

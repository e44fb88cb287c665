// A host with tokens: the pages ask for one, keep it for the tab, and show what it allows.
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ViewerSession } from './viewer-session.js';

const session = new ViewerSession();
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'viewer-token-'));
  const tokenFile = join(folder, 'tokens.json');
  const sha256 = createHash('sha256').update('look-only').digest('hex');
  const tokens = [{ name: 'look', sha256, scopes: ['flow:s1_echo:view'] }];
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

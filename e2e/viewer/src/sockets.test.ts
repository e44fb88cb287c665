// A page opens a WebSocket to a host with tokens: its token goes along as a subprotocol.
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { ViewerSession } from './viewer-session.js';

const session = new ViewerSession();
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'viewer-socket-'));
  const tokenFile = join(folder, 'tokens.json');
  const sha256 = createHash('sha256').update('runs~echo').digest('hex');
  const tokens = [{ name: 'run', sha256, scopes: ['flow:s1_echo:run'] }];
  writeFileSync(tokenFile, JSON.stringify({ tokens }));
  await session.start({ security: { tokenFile } });
});
afterAll(async () => {
  await session.end();
  rmSync(folder, { recursive: true });
});

/** What a page gets when it opens a socket with these subprotocols and sends one message. */
function talk(page: Page, protocols: readonly string[]): Promise<readonly string[]> {
  const url = `${session.host.url.replace('http', 'ws')}/echo`;
  return page.evaluate(
    ({ url, protocols }) =>
      new Promise<string[]>((resolve) => {
        const socket = new WebSocket(url, protocols);
        const heard: string[] = [];
        socket.onopen = () => {
          heard.push(socket.protocol);
          socket.send('{"text":" Hi "}');
        };
        socket.onmessage = ({ data }) => {
          const { type, value } = JSON.parse(String(data)) as { type: string; value?: unknown };
          heard.push(`${type} ${JSON.stringify(value ?? null)}`);
          if (type !== 'item') socket.close();
        };
        socket.onclose = () => resolve(heard);
      }),
    { url, protocols: [...protocols] },
  );
}

const bearer = (token: string) => `basalt.bearer.${Buffer.from(token).toString('base64url')}`;

it('with the token as a subprotocol it is heard', async () => {
  const page = await session.open('');
  const heard = await talk(page, ['basalt.json.v1', bearer('runs~echo')]);
  expect(heard).toEqual(['basalt.json.v1', 'item {"text":"hi"}', 'end null']);
  await page.close();
});

it.each([
  ['without a token', ['basalt.json.v1']],
  ['with an unknown one', ['basalt.json.v1', bearer('other')]],
  ['with nothing that is spoken beside it', [bearer('runs~echo')]],
])('%s it is refused', async (_name, protocols) => {
  const page = await session.open('');
  expect(await talk(page, protocols)).toEqual([]);
  await page.close();
});

it('a page of another origin is refused, also with the token', async () => {
  const page = await session.open('');
  await page.goto('about:blank');
  expect(await talk(page, ['basalt.json.v1', bearer('runs~echo')])).toEqual([]);
  await page.close();
});

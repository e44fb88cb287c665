import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { secretStore } from '@basalt/capabilities';
import { WebSocket } from 'ws';
import { closeServed, hostedFlow, serve } from '../testing/hosted-flows.js';

let tokenFile: string;
let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'sockets-'));
  tokenFile = join(dir, 't.json');
  const sha256 = (token: string) => createHash('sha256').update(token).digest('hex');
  const tokens = [
    { name: 'run', sha256: sha256('run-token'), scopes: ['flow:echo:run'] },
    { name: 'view', sha256: sha256('view-token'), scopes: ['flow:echo:view'] },
  ];
  writeFileSync(tokenFile, JSON.stringify({ tokens }));
});
afterAll(() => rmSync(dir, { recursive: true }));
afterEach(closeServed);

/** The status with which an upgrade is refused, or 101. */
function upgrade(url: string, headers: Record<string, string>): Promise<number> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/echo`, { headers });
  return new Promise((resolve, reject) => {
    socket.on('error', reject);
    socket.once('open', () => {
      socket.terminate();
      resolve(101);
    });
    socket.once('unexpected-response', (request, response: IncomingMessage) => {
      request.destroy();
      resolve(response.statusCode ?? 0);
    });
  });
}
const echo = () => hostedFlow({ name: 'echo', trigger: { respond: 'stream' } });

describe('sockets', () => {
  it('ask for the scope to run the flow', async () => {
    const { url } = await serve([echo()], { security: { tokenFile } });
    expect(await upgrade(url, {})).toBe(401);
    expect(await upgrade(url, { authorization: 'Bearer nobody' })).toBe(401);
    expect(await upgrade(url, { authorization: 'Bearer view-token' })).toBe(403);
    expect(await upgrade(url, { authorization: 'Bearer run-token' })).toBe(101);
  });

  it('are not opened for pages of other origins, nor under foreign names', async () => {
    const { url } = await serve([echo()]);
    expect(await upgrade(url, { origin: 'https://evil.example' })).toBe(403);
    expect(await upgrade(url, { origin: url })).toBe(101);
    expect(await upgrade(url, { host: 'evil.example' })).toBe(421);
    expect(await upgrade(url, {})).toBe(101);
  });

  it('are no way around a signature', async () => {
    const secrets = secretStore({ allow: ['HOOK'], values: { HOOK: 'hook-secret' } });
    const flow = hostedFlow({ name: 'echo', capabilities: { secrets } });
    const webhooks = [{ flow: 'echo', secret: 'HOOK', header: 'x-sig' }];
    const { url } = await serve([flow], { security: { webhooks } });
    expect(await upgrade(url, {})).toBe(401);
    expect(await upgrade(url, { 'x-sig': '00'.repeat(32) })).toBe(401);
  });

  it('count against the limit of a client', async () => {
    const { url } = await serve([echo()], {
      security: { rateLimit: { perSecond: 0.01, burst: 2 } },
    });
    expect([await upgrade(url, {}), await upgrade(url, {}), await upgrade(url, {})]).toEqual([
      101, 101, 429,
    ]);
  });
});

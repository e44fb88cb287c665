import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { secretStore } from '@basalt/capabilities';
import type { NodeContext } from '@basalt/executor';
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
function upgrade(
  url: string,
  headers: Record<string, string>,
  protocols: readonly string[] = [],
): Promise<number> {
  const address = `${url.replace('http', 'ws')}/echo`;
  const socket = new WebSocket(address, [...protocols], { headers });
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
const asProtocol = (token: string) =>
  `basalt.bearer.${Buffer.from(token, 'utf8').toString('base64url')}`;
const echo = () => hostedFlow({ name: 'echo', trigger: { respond: 'stream' } });

describe('sockets', () => {
  it('ask for the scope to run the flow', async () => {
    const { url } = await serve([echo()], { security: { tokenFile } });
    expect(await upgrade(url, {})).toBe(401);
    expect(await upgrade(url, { authorization: 'Bearer nobody' })).toBe(401);
    expect(await upgrade(url, { authorization: 'Bearer view-token' })).toBe(403);
    expect(await upgrade(url, { authorization: 'Bearer run-token' })).toBe(101);
  });

  it('take the token as a subprotocol, as pages can send it', async () => {
    const { url } = await serve([echo()], { security: { tokenFile } });
    const tried = (...protocols: string[]) => upgrade(url, {}, protocols);
    expect(await tried('basalt.json.v1', asProtocol('run-token'))).toBe(101);
    expect(await tried(asProtocol('run-token'), 'basalt.cbor.v1')).toBe(101);
    expect(await tried('basalt.json.v1', asProtocol('view-token'))).toBe(403);
    expect(await tried('basalt.json.v1', asProtocol('nobody'))).toBe(401);
    // A browser would drop a socket whose host speaks no protocol that was offered.
    expect(await tried(asProtocol('run-token'))).toBe(401);
    // Two tokens are none, and neither is what is no base64url.
    const twice = [asProtocol('run-token'), asProtocol('view-token')];
    expect(await tried('basalt.json.v1', ...twice)).toBe(401);
    expect(await tried('basalt.json.v1', 'basalt.bearer.run~token')).toBe(401);
    expect(await tried('basalt.json.v1', `basalt.bearer.${'A'.repeat(9000)}`)).toBe(401);
    // Pages of other origins are refused before their token is looked at.
    const foreign = { origin: 'https://evil.example' };
    expect(await upgrade(url, foreign, ['basalt.json.v1', asProtocol('run-token')])).toBe(403);
    // Where both are sent, the header counts.
    const header = { authorization: 'Bearer nobody' };
    expect(await upgrade(url, header, ['basalt.json.v1', asProtocol('run-token')])).toBe(401);
  });

  it.each([true, false])('keep that token from the flow (a host with tokens: %s)', async (asks) => {
    const seen = hostedFlow({
      name: 'echo',
      run: (_input: unknown, { metadata }: NodeContext) => metadata.extensions['http.headers']!,
    });
    const { url } = await serve([seen], asks ? { security: { tokenFile } } : {});
    const protocols = ['basalt.json.v1', asProtocol('run-token')];
    const socket = new WebSocket(`${url.replace('http', 'ws')}/echo`, protocols);
    await once(socket, 'open');
    expect(socket.protocol).toBe('basalt.json.v1');
    const answer = once(socket, 'message');
    socket.send('null');
    const text = String((await answer)[0]);
    const item = JSON.parse(text) as { value: Record<string, unknown> };
    expect(item.value['sec-websocket-protocol']).toEqual(['basalt.json.v1']);
    expect(text).not.toContain(asProtocol('run-token').slice('basalt.bearer.'.length));
    socket.terminate();
  });

  it('run nothing more once their token is withdrawn', async () => {
    const changing = join(dir, 'changing.json');
    copyFileSync(tokenFile, changing);
    const { url, host } = await serve([echo()], { security: { tokenFile: changing } });
    const headers = { authorization: 'Bearer run-token' };
    const socket = new WebSocket(`${url.replace('http', 'ws')}/echo`, { headers });
    await once(socket, 'open');
    const { tokens } = JSON.parse(readFileSync(changing, 'utf8')) as { tokens: unknown[] };
    writeFileSync(changing, JSON.stringify({ tokens: tokens.slice(1) }));
    host.reload();
    const answer = once(socket, 'message');
    socket.send('1');
    expect(JSON.parse(String((await answer)[0]))).toMatchObject({ type: 'error', code: 'HTTP202' });
    socket.terminate();
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

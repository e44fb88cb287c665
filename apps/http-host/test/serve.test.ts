// The built program, started as users start it. Build first: npx nx run http-host-app:bundle.
import { createHash, createHmac } from 'node:crypto';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { s1Echo } from '@basalt/examples';

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const root = fileURLToPath(new URL('../', import.meta.url));

const FLOW = `import { defineFlow, respondWith, t } from '@basalt/flow-dsl';
export const greet = defineFlow('greet', { version: '1.0.0', profile: 'web' }, (f) => {
  const trigger = f.trigger('trigger', {
    output: t.Object({ name: t.String(), waitMs: t.Optional(t.Number()) }),
    http: { method: 'POST', route: '/greet' },
  });
  const answer = f.inline('answer', {
    input: t.Object({ name: t.String(), waitMs: t.Optional(t.Number()) }),
    output: t.Opaque(),
    uses: ['resource::clock'],
    effects: 'read_only',
    determinism: 'best_effort',
    run: async ({ name, waitMs = 0 }, { clock, signal }) => {
      await clock.sleep(waitMs, signal);
      return respondWith({ status: 201, headers: { 'x-for': name }, body: 'Hello ' + name });
    },
  });
  f.connect(trigger, answer);
  f.capture(trigger, answer);
});
`;

let folder: string;
const children: ChildProcess[] = [];
beforeAll(() => {
  mkdirSync(join(root, 'out-tsc'), { recursive: true });
  folder = mkdtempSync(join(root, 'out-tsc/serve-'));
  writeFileSync(join(folder, 'greet.ts'), FLOW);
  writeFileSync(join(folder, 'empty.ts'), 'export const nothing = 1;\n');
  writeFileSync(join(folder, 'greet.json'), JSON.stringify(s1Echo.ir));
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});
afterAll(() => rmSync(folder, { recursive: true }));

const HOOK_SECRET = 'for this test only';

function start(...args: string[]) {
  // A busy machine is no fault of the program: no load is shed, and there is time enough.
  const words = [...args, '--max-loop-delay-ms', '0', '--deadline-ms', '600000'];
  const child = spawn(process.execPath, [main, ...words], {
    cwd: folder,
    env: { ...process.env, HOOK_SECRET },
  });
  children.push(child);
  const said = { text: '' };
  child.stderr.on('data', (chunk: Buffer) => (said.text += String(chunk)));
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  return { child, said, ended };
}

async function listening(...args: string[]) {
  const started = start(...args);
  const ready = new Promise<string>((resolve) => {
    started.child.stderr.on('data', () => {
      const found = /Listening on (\S+)/.exec(started.said.text);
      if (found !== null) resolve(found[1]!);
    });
  });
  const url = await Promise.race([
    ready,
    started.ended.then((code) => Promise.reject(new Error(`exit ${code}: ${started.said.text}`))),
  ]);
  return { ...started, url };
}

const greet = (url: string, payload: object) =>
  fetch(`${url}/greet`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(payload),
  });

describe('the program', () => {
  it('serves a module, says where, and ends with 0 on SIGTERM', async () => {
    const { child, url, said, ended } = await listening(
      'greet.ts',
      '--addr',
      '127.0.0.1:0',
      '--no-viewer',
    );
    expect(said.text).toBe(`Listening on ${url}\n  POST ${url}/greet  greet\n`);
    const answer = await greet(url, { name: 'Ada' });
    expect([answer.status, answer.headers.get('x-for'), await answer.text()]).toEqual([
      201,
      'Ada',
      'Hello Ada',
    ]);
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
  });

  it('lets what runs come to its end before it goes', async () => {
    const { child, url, ended } = await listening(
      'greet.ts',
      '--addr',
      '127.0.0.1:0',
      '--no-viewer',
    );
    const answer = greet(url, { name: 'Bo', waitMs: 1500 });
    for (let isRunning = false; !isRunning;) {
      const metrics = await (await fetch(`${url}/metrics`)).text();
      isRunning = /^basalt_host_inflight_runs\S* 1$/m.test(metrics);
    }
    child.kill('SIGTERM');
    expect((await answer).status).toBe(201);
    expect(await ended).toBe(0);
  });

  it('serves shipped flows by name, beside one export of a module', async () => {
    const { child, url, ended } = await listening(
      's1_echo',
      'greet.ts#greet',
      '--addr',
      '127.0.0.1:0',
    );
    const echo = await fetch(`${url}/echo`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"text":"  Hi "}',
    });
    expect([echo.status, await echo.json()]).toEqual([200, { text: 'hi' }]);
    const document = await (await fetch(`${url}/_flows/openapi.json`)).json();
    expect(document).toMatchObject({
      paths: { '/echo': { post: { 'x-basalt-deadline-ms': 600_000 } } },
    });
    expect((await greet(url, { name: 'Cy' })).status).toBe(201);
    expect((await fetch(`${url}/_flows/`)).status).toBe(200);
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
  });

  it('follows its token file on SIGHUP, and says what is wrong with it', async () => {
    const file = join(folder, 'tokens.json');
    const write = (...names: string[]) => {
      const sha256 = (token: string) => createHash('sha256').update(token).digest('hex');
      const tokens = names.map((name) => ({ name, sha256: sha256(name), scopes: ['*'] }));
      writeFileSync(file, JSON.stringify({ tokens }));
    };
    write('old');
    const { child, url, said, ended } = await listening(
      'greet.ts',
      '--addr',
      '127.0.0.1:0',
      '--no-viewer',
      '--token-file',
      'tokens.json',
    );
    const status = async (token: string) =>
      (await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${token}` } })).status;
    const told = async (text: string) => {
      while (!said.text.includes(text)) await once(child.stderr!, 'data');
    };
    expect([await status('old'), await status('new')]).toEqual([200, 401]);
    writeFileSync(file, '{');
    child.kill('SIGHUP');
    await told('HTTP218');
    expect([await status('old'), await status('new')]).toEqual([200, 401]);
    write('new');
    child.kill('SIGHUP');
    await told('token file read');
    expect([await status('old'), await status('new')]).toEqual([401, 200]);
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
  });

  it('takes signed requests only where a webhook file says so', async () => {
    const hook = { flow: 'greet', secret: 'HOOK_SECRET', header: 'x-signature', prefix: 'sha256=' };
    writeFileSync(join(folder, 'hooks.json'), JSON.stringify({ webhooks: [hook] }));
    const { child, url, ended } = await listening(
      ...['greet.ts', '--addr', '127.0.0.1:0', '--no-viewer'],
      ...['--webhooks', 'hooks.json', '--bind', 'secrets=env:HOOK_SECRET'],
    );
    const body = JSON.stringify({ name: 'Di' });
    const status = async (signature: Record<string, string>) => {
      const headers = { 'content-type': 'application/json', ...signature };
      return (await fetch(`${url}/greet`, { method: 'POST', headers, body })).status;
    };
    const hmac = createHmac('sha256', HOOK_SECRET).update(body).digest('hex');
    const signed = { 'x-signature': `sha256=${hmac}` };
    const wrong = { 'x-signature': `sha256=${hmac.replace(/./, (c) => (c === '0' ? '1' : '0'))}` };
    expect([
      await status({}),
      await status(wrong),
      await status(signed),
      await status(signed),
    ]).toEqual([401, 401, 201, 409]);
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
  });

  it('cancels a job that no worker has begun, by its URL', async () => {
    const { child, url, ended } = await listening(
      ...['s1_echo', '--addr', '127.0.0.1:0', '--no-viewer'],
      ...['--journal', 'kept', '--queue', 'flows'],
    );
    const taken = await fetch(`${url}/echo`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', prefer: 'respond-async' },
      body: '{"text":"Hi"}',
    });
    const place = url + taken.headers.get('location')!;
    expect((await fetch(`${place}/cancel`, { method: 'POST' })).status).toBe(200);
    expect(await (await fetch(place)).json()).toMatchObject({ status: 'cancelled' });
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
  });

  it.each<[string, string[], number, string]>([
    ['a webhook file that is not there', ['greet.ts', '--webhooks', 'none.json'], 1, 'HTTP213'],
    ['wrong address', ['greet.ts', '--addr', 'nowhere'], 2, '--addr takes HOST:PORT'],
    ['unknown flag', ['greet.ts', '--adr', 'x'], 2, 'adr'],
    ['no flow', [], 2, 'Not enough'],
    ['unknown flow', ['missing.ts'], 1, 'LOAD001'],
    ['a word near a shipped flow', ['s1_ecko'], 1, 'there is a shipped example s1_echo'],
    ['a document without code', ['greet.json'], 1, 'CLI006'],
    ['an export that is not there', ['greet.ts#other'], 1, 'LOAD004'],
    ['a flow from stdin', ['-'], 2, '- cannot be served'],
    ['module without a flow', ['empty.ts'], 1, 'LOAD004'],
    ['the same flow twice', ['greet.ts', 'greet.ts'], 1, 'HTTP102'],
    ['other addresses without tokens', ['greet.ts', '--addr', '0.0.0.0:0'], 1, 'HTTP204'],
    ['missing token file', ['greet.ts', '--token-file', 'none.json'], 1, 'HTTP200'],
  ])('refuses %s', async (_name, args, code, text) => {
    const { said, ended } = start(...args);
    expect(await ended).toBe(code);
    expect(said.text).toContain(text);
  });

  it('says who has the address', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const { said, ended } = start('greet.ts', '--addr', `127.0.0.1:${port}`, '--no-viewer');
    expect(await ended).toBe(1);
    expect(said.text).toContain(
      `The host cannot listen on 127.0.0.1:${port}: another program listens there.`,
    );
    other.close();
  });
});

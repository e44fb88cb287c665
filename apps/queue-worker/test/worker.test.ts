// The built program, started as users start it. Build first: npx nx run queue-worker-app:build.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { s1Echo } from '@basalt/examples';
import { openEmbeddedQueue, openRestateQueue, type NewJob, type QueueBackend } from '@basalt/queue';
import { startRestateServer, type RestateServer } from '@basalt/test-servers';

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const { id: flow, name: flowName } = s1Echo.ir;
const TAKES = /takes jobs of/;

let folder: string;
const children: ChildProcess[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'basalt-worker-'));
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await rm(folder, { recursive: true });
});

function start(...args: string[]) {
  const child = spawn(process.execPath, [main, ...args], { cwd: folder });
  children.push(child);
  const said = { text: '' };
  child.stderr.on('data', (chunk: Buffer) => (said.text += String(chunk)));
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  const matches = async (pattern: RegExp) => {
    while (!pattern.test(said.text)) {
      await Promise.race([once(child.stderr, 'data'), ended]);
      if (child.exitCode !== null && !pattern.test(said.text)) throw new Error(said.text);
    }
    return pattern.exec(said.text)!;
  };
  return { child, said, ended, matches };
}

const job = (id: string, payload: NewJob['payload'] = { text: ' Hi ' }): NewJob => ({
  id,
  flow,
  flowName,
  payload,
  // Time enough for any machine.
  deadlineMs: 600_000,
});

/** Waits until nothing waits or is being done. */
async function idle(queue: QueueBackend): Promise<void> {
  for (;;) {
    const { ready, delayed, active } = (await queue.status()).counts;
    if (ready + delayed + active === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('the program', () => {
  it('does the jobs of a folder, logs and counts them, and ends with 0 on SIGTERM', async () => {
    const queue = await openEmbeddedQueue({ folder: join(folder, 'kept'), queue: 'flows' });
    await queue.enqueue([job('good'), job('bad', { text: 5 })]);
    const { child, said, ended, matches } = start(
      ...['s1_echo', '--dir', 'kept', '--job-log', '--metrics-addr', '127.0.0.1:0'],
    );
    const [, url] = await matches(/metrics (http:\S+)\/metrics\n/);
    await idle(queue);
    await matches(/"job":"good","flow":"s1_echo","attempt":1,"outcome":"done"/);
    await matches(/"job":"bad".*"outcome":"dead","code":"RUN116"/);
    const get = async (path: string, method = 'GET') => {
      const response = await fetch(`${url}${path}`, { method });
      return [response.status, await response.text()] as const;
    };
    expect(await get('/healthz')).toEqual([200, '{"status":"ok"}']);
    expect(await get('/readyz')).toEqual([200, '{"status":"ready"}']);
    expect((await get('/other'))[0]).toBe(404);
    expect((await get('/metrics', 'POST'))[0]).toBe(405);
    const [, metrics] = await get('/metrics');
    expect(metrics).toContain('basalt_queue_deliveries_total{flow="s1_echo",outcome="done"} 1\n');
    expect(metrics).toContain('basalt_queue_deliveries_total{flow="s1_echo",outcome="dead"} 1\n');
    expect(metrics).toContain('basalt_queue_jobs{queue="flows",state="dead"} 1\n');
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(said.text).toContain('"message":"stopping"');
    await queue.close();
  });

  it('keeps a job for which it has no flow', async () => {
    const queue = await openEmbeddedQueue({ folder: join(folder, '.flows'), queue: 'flows' });
    await queue.enqueue([{ ...job('other'), flow: '00000000-0000-4000-8000-000000000000' }]);
    const { child, ended, matches } = start('s1_echo');
    await matches(/"job":"other".*"outcome":"retry","code":"QUE110"/);
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    const { ready, delayed, dead } = (await queue.status()).counts;
    expect([ready + delayed, dead]).toEqual([1, 0]);
    await queue.close();
  });

  it.each<[string, string[], number, string]>([
    ['no flow', [], 2, 'Not enough'],
    ['unknown flag', ['s1_echo', '--dri', 'x'], 2, 'dri'],
    ['unknown flow', ['missing.ts'], 1, 'LOAD001'],
    ['a flow from stdin', ['-'], 2, '- cannot be served'],
    ['a folder of another kind', ['s1_echo', '--dir', 'other'], 1, 'CAP105'],
    ['no concurrency', ['s1_echo', '--concurrency', '0'], 1, 'QUE105'],
    ['a rate that is none', ['s1_echo', '--rate', '1/s'], 2, '--rate takes N/MS'],
    ['a drain time that is none', ['s1_echo', '--drain-ms', 'x'], 2, '--drain-ms'],
    ['an address that is none', ['s1_echo', '--metrics-addr', '80'], 2, '--metrics-addr takes'],
    ['a server without its address', ['s1_echo', '--backend', 'redis'], 2, 'needs --url'],
    ['--listen without Restate', ['s1_echo', '--listen', '127.0.0.1:0'], 2, 'backend restate'],
    [
      'a limit that Restate has not',
      ['s1_echo', '--backend', 'restate', '--url', 'http://127.0.0.1:1', '--rate', '1/1'],
      2,
      '--rate has no meaning',
    ],
    [
      'a Restate that is not there',
      ['s1_echo', '--backend', 'restate', '--url', 'http://127.0.0.1:1'],
      3,
      'npm install --global @restatedev/restate-server',
    ],
  ])('refuses %s', async (_name, args, code, text) => {
    await writeFile(join(folder, 'other'), 'a file');
    const { said, ended } = start(...args);
    expect(await ended).toBe(code);
    expect(said.text).toContain(text);
  });

  it('says who has the address of its measurements', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const { said, ended } = start('s1_echo', '--metrics-addr', `127.0.0.1:${port}`);
    expect(await ended).toBe(1);
    expect(said.text).toContain('HTTP104');
    other.close();
  });
});

describe('on Restate', () => {
  let restate: RestateServer;
  beforeAll(async () => {
    restate = await startRestateServer();
  }, 120_000);
  afterAll(() => restate.stop());

  it('serves the same flow, and refuses one that waits', async () => {
    const { ingressUrl, adminUrl } = restate;
    const place = ['--backend', 'restate', '--url', ingressUrl, '--admin-url', adminUrl];
    const { child, ended, matches } = start('s1_echo', ...place, '--job-log');
    await matches(TAKES);
    const queue = openRestateQueue({ queue: 'flows', ingressUrl, adminUrl });
    await queue.enqueue([job('one')]);
    await matches(/"job":"one","flow":"s1_echo","status":"completed"/);
    await queue.close();
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    const waiting = start('human_approval', ...place);
    expect(await waiting.ended).toBe(1);
    expect(waiting.said.text).toContain('QUE301');
  });
});

import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jsonLog, SecretRedactor } from '@basalt/capabilities';
import type { NodeContext } from '@basalt/executor';
import { closeServed, hostedFlow, serve } from '../testing/hosted-flows.js';
import { post, send } from '../testing/raw-client.js';

afterEach(closeServed);

interface Line {
  readonly level: string;
  readonly message: string;
  readonly fields: Record<string, unknown>;
}

function logged(redactor = new SecretRedactor()) {
  const lines: string[] = [];
  const log = jsonLog({ sink: (line) => lines.push(line), redactor });
  return { log, lines, parsed: () => lines.map((line) => JSON.parse(line) as Line) };
}

describe('the log of requests', () => {
  it('has one line a request', async () => {
    const { log, parsed } = logged();
    const fail = hostedFlow({
      name: 'fail',
      run: () => {
        throw new Error('no');
      },
    });
    const { url } = await serve([hostedFlow({ name: 'echo' }), fail], { operations: { log } });
    const answer = await post(url, '/echo?secret=hunter2', { password: 'hunter2' });
    await post(url, '/fail', null);
    await send(url, '/absent');
    const lines = parsed();
    expect(
      lines.map(({ level, message, fields }) => [
        level,
        message,
        fields['method'],
        fields['route'],
        fields['path'],
        fields['status'],
        fields['address'],
      ]),
    ).toEqual([
      ['info', 'request', 'POST', '/echo', '/echo', 200, '127.0.0.1'],
      ['error', 'request', 'POST', '/fail', '/fail', 500, '127.0.0.1'],
      ['warn', 'request', 'GET', 'none', '/absent', 404, '127.0.0.1'],
    ]);
    expect(lines[0]!.fields['run_id']).toBe(answer.headers['x-basalt-run-id']);
    expect(lines[0]!.fields['ms']).toBeGreaterThan(0);
    expect(lines[2]!.fields).not.toHaveProperty('run_id');
  });

  it('never shows a token, a query, a body or a known secret', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'log-'));
    const tokenFile = join(dir, 't.json');
    const sha256 = createHash('sha256').update('hunter2-token').digest('hex');
    writeFileSync(tokenFile, JSON.stringify({ tokens: [{ name: 'ci', sha256, scopes: ['*'] }] }));
    const redactor = new SecretRedactor();
    redactor.add('s3cr3t-value');
    const { log, lines, parsed } = logged(redactor);
    const flow = hostedFlow({ name: 'echo', trigger: { route: '/echo/{id}' } });
    const { url } = await serve([flow], { operations: { log }, security: { tokenFile } });
    const headers = { authorization: 'Bearer hunter2-token', cookie: 'c=hunter2' };
    const answer = await post(url, '/echo/s3cr3t-value?q=hunter2', 'hunter2', headers);
    expect([answer.status, parsed()[0]!.fields['client'], parsed()[0]!.fields['path']]).toEqual([
      200,
      'token:ci',
      '/echo/[redacted]',
    ]);
    expect(lines.join('')).not.toMatch(/hunter2|s3cr3t/);
    // The file is followed: without it there is a line of its own.
    rmSync(dir, { recursive: true });
  });

  it('cannot be forged by a path', async () => {
    const { log, lines } = logged();
    const { url } = await serve([hostedFlow({ name: 'echo' })], { operations: { log } });
    await send(url, '/a%0a%7B%22level%22:%22error%22%7D');
    expect(lines).toHaveLength(1);
    expect(lines[0]!.slice(0, -1)).not.toContain('\n');
  });

  it('tells a caller that went away from one that was answered', async () => {
    const { log, parsed } = logged();
    let begin = () => {};
    const begun = new Promise<void>((resolve) => (begin = resolve));
    const endless = hostedFlow({
      name: 'endless',
      run: (_input: unknown, { signal }: NodeContext) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => resolve(null));
          begin();
        }),
    });
    const { url } = await serve([endless], { operations: { log } });
    const caller = request(`${url}/endless`, { method: 'POST', agent: false });
    caller.on('error', () => undefined).end();
    await begun;
    caller.destroy();
    while (parsed().length === 0) await new Promise((resolve) => setImmediate(resolve));
    const [{ level, fields }] = parsed() as [Line];
    expect([level, fields['route'], fields['status'], fields['cut_off']]).toEqual([
      'warn',
      '/endless',
      499,
      true,
    ]);
  });
});

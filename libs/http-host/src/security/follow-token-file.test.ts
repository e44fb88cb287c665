import { createHash } from 'node:crypto';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Log } from '@basalt/capabilities';
import { closeServed, hostedFlow, serve } from '../testing/hosted-flows.js';
import { post } from '../testing/raw-client.js';

const tokenText = (...tokens: string[]) =>
  JSON.stringify({
    tokens: tokens.map((token) => ({
      name: token,
      sha256: createHash('sha256').update(token).digest('hex'),
      scopes: ['flow:echo:run'],
    })),
  });

let dir: string;
let tokenFile: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'tokens-'));
  tokenFile = join(dir, 'tokens.json');
  writeFileSync(tokenFile, tokenText('first'));
});
afterEach(async () => {
  await closeServed();
  rmSync(dir, { recursive: true });
});

/** A log that also tells when a line has come. */
function heard() {
  const lines: unknown[] = [];
  const waiting = new Set<() => void>();
  const log: Log = {
    write(level, message, fields) {
      if (message === 'request') return;
      lines.push([level, message, fields]);
      for (const wake of waiting) wake();
    },
  };
  const count = async (wanted: number) => {
    while (lines.length < wanted) await new Promise<void>((resolve) => waiting.add(resolve));
  };
  return { log, lines, count };
}

async function hostOf(tokenFileCheckMs: number) {
  const said = heard();
  const options = { security: { tokenFile, tokenFileCheckMs }, operations: { log: said.log } };
  const { url, host } = await serve([hostedFlow({ name: 'echo' })], options);
  const statuses = async (...tokens: string[]) => {
    const found: number[] = [];
    for (const token of tokens) {
      const answer = await post(url, '/echo', 1, { authorization: `Bearer ${token}` });
      found.push(answer.status);
    }
    return found;
  };
  return { ...said, host, statuses };
}

describe('a token file that changes', () => {
  it('is read again by itself, also where another file takes its place', async () => {
    const { statuses, lines, count } = await hostOf(5);
    expect(await statuses('first', 'second')).toEqual([200, 401]);
    writeFileSync(join(dir, 'new.json'), tokenText('second'));
    renameSync(join(dir, 'new.json'), tokenFile);
    await count(1);
    expect(await statuses('first', 'second')).toEqual([401, 200]);
    writeFileSync(join(dir, 'new.json'), tokenText('first', 'second'));
    renameSync(join(dir, 'new.json'), tokenFile);
    await count(2);
    expect(await statuses('first', 'second')).toEqual([200, 200]);
    expect(lines).toEqual([
      ['info', 'token file read', { tokens: 1 }],
      ['info', 'token file read', { tokens: 2 }],
    ]);
  });

  it.each<[string, (file: string) => void, string]>([
    ['is not JSON', (file) => writeFileSync(file, '{"tokens": [,]}'), 'it is not JSON'],
    ['is cut off', (file) => writeFileSync(file, tokenText('second').slice(0, -9)), 'not JSON'],
    ['is empty', (file) => writeFileSync(file, ''), 'it is not JSON'],
    ['holds no token', (file) => writeFileSync(file, tokenText()), 'it holds no token'],
    [
      'is wrong in its last entry',
      (file) => writeFileSync(file, tokenText('second', 'second')),
      'the name second is used twice',
    ],
    ['is gone', (file) => rmSync(file), 'it cannot be read (ENOENT)'],
  ])('keeps its tokens where it %s, says so, and takes the next', async (_name, harm, problem) => {
    const { host, statuses, lines } = await hostOf(0);
    harm(tokenFile);
    host.reload();
    expect(await statuses('first', 'second')).toEqual([200, 401]);
    const message = expect.stringMatching(
      /^The host keeps the tokens that it has: .*\.$/,
    ) as string;
    expect(lines).toEqual([['warn', message, { code: 'HTTP218', tokens: 1 }]]);
    expect(String((lines[0] as unknown[])[1])).toContain(problem);
    writeFileSync(tokenFile, tokenText('second'));
    host.reload();
    expect(await statuses('first', 'second')).toEqual([401, 200]);
  });
});

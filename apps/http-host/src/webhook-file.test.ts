import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readWebhookFile } from './webhook-file.js';

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'basalt-webhooks-'))));
afterAll(() => rmSync(folder, { recursive: true }));

function read(text: string) {
  const path = join(folder, 'hooks.json');
  writeFileSync(path, text);
  return readWebhookFile(path);
}

const HOOK = { flow: 'orders', secret: 'HOOK', header: 'x-signature' };

test('entries become options of the host', () => {
  const full = { ...HOOK, prefix: 'sha256=', timestampHeader: 'x-time', toleranceS: 60 };
  expect(read(JSON.stringify({ webhooks: [HOOK, full] }))).toEqual([HOOK, full]);
});

test.each([
  ['{"webhooks":', 'there is no JSON'],
  ['', 'there is no JSON'],
  ['[]', 'there is no list "webhooks" with at least one entry'],
  ['{"webhooks": []}', 'there is no list "webhooks" with at least one entry'],
  ['{"webhooks": [1]}', 'entry 1 is no object'],
  [JSON.stringify({ webhooks: [{ ...HOOK, secret: '' }] }), 'secret of entry 1 is no string'],
  [JSON.stringify({ webhooks: [{ ...HOOK, key: 'x' }] }), 'entry 1 has the unknown key key'],
  [JSON.stringify({ webhooks: [HOOK, { flow: 'a' }] }), 'entry 2 has no secret'],
  [
    JSON.stringify({ webhooks: [{ ...HOOK, toleranceS: '5' }] }),
    'toleranceS of entry 1 is no number',
  ],
  [
    JSON.stringify({ webhooks: [{ ...HOOK, encoding: 'utf8' }] }),
    'encoding of entry 1 is neither hex nor base64',
  ],
  [' '.repeat(1024 * 1024 + 1), 'there are over 1048576 bytes'],
])('%# is refused: %j', (text, problem) => {
  expect(() => read(text)).toThrow(problem);
});

test('a file that is not there is refused', () => {
  expect(() => readWebhookFile(join(folder, 'nowhere'))).toThrow('nothing can be read (ENOENT)');
});

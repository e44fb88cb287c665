import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { staleFiles, writeOrCheck } from '../generated-files.mjs';

const root = mkdtempSync(join(tmpdir(), 'basalt-generate-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const files = new Map([
  ['a/one.txt', '1'],
  ['two.txt', '2'],
]);

test('missing and changed files are stale, written ones are not', () => {
  expect(staleFiles(files, root)).toEqual(['a/one.txt', 'two.txt']);
  writeOrCheck(files, { check: false, root });
  expect(staleFiles(files, root)).toEqual([]);
  expect(readFileSync(join(root, 'a/one.txt'), 'utf8')).toBe('1');
  writeFileSync(join(root, 'two.txt'), 'changed');
  expect(staleFiles(files, root)).toEqual(['two.txt']);
});

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readFixtures } from './fixture-folder.js';

describe('readFixtures', () => {
  let root: string;
  const write = (path: string, text = '{}') => {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), text);
  };

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'basalt-fixtures-'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  test('reads inputs and options, in order of the codes', () => {
    write('TST002/bad.txt', 'x');
    write('TST002/good.json');
    write('TST001/bad.json');
    write('TST001/good.json');
    write('TST001/options.json', '{ "profile": "wasm", "also": ["TST003"] }');
    write('TST001/good.options.json', '{ "profile": "dev" }');
    write('TST001/policy.yaml', 'rules: []');
    expect(readFixtures(root)).toEqual([
      {
        code: 'TST001',
        bad: `${root}/TST001/bad.json`,
        good: `${root}/TST001/good.json`,
        options: { profile: 'wasm', also: ['TST003'], policy: 'rules: []' },
        goodOptions: { profile: 'dev', policy: 'rules: []' },
      },
      {
        code: 'TST002',
        bad: `${root}/TST002/bad.txt`,
        good: `${root}/TST002/good.json`,
        options: {},
        goodOptions: {},
      },
    ]);
  });

  test.each([
    [['TST001/good.json'], 'TST001: no input bad.json, .txt, .ts or .js'],
    [['TST001/bad.json'], 'TST001: no good.json'],
    [['TST001/bad.ts', 'TST001/good.txt'], 'TST001: no good.ts'],
    [
      ['TST001/bad.json', 'TST001/good.json', 'TST001/goood.json'],
      'TST001: unknown files goood.json',
    ],
    [
      ['TST001/bad.json', 'TST001/good.json', 'TST001/options.json:{"profil":"dev"}'],
      'TST001: options.json: unknown key profil',
    ],
  ])('refuses a folder with %j', (files, message) => {
    for (const file of files) write(...(file.split(/:(.*)/s, 2) as [string]));
    expect(() => readFixtures(root)).toThrow(new Error(message));
  });
});

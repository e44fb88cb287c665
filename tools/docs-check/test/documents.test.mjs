// Every document of the workspace is checked, and the checker is shown to bite on planted faults.
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkDocument } from '../src/check-document.mjs';
import { markdownBlocks } from '../src/markdown-blocks.mjs';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'basalt-docs-'));
const flows = join(folder, 'flows');
writeFileSync(flows, `#!/bin/sh\nexec node ${join(root, 'apps/cli/dist/main.js')} "$@"\n`);
chmodSync(flows, 0o755);
const shell = { cwd: folder, env: { ...process.env, PATH: `${folder}:${process.env.PATH}` } };
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const check = (markdown, file = join(root, 'README.md')) =>
  checkDocument(markdown, { file, root, shell });

const documents = execFileSync('git', ['ls-files', '*.md'], { cwd: root, encoding: 'utf8' })
  .trim()
  .split('\n');

const problemsOf = (document) => {
  const file = join(root, document);
  return check(readFileSync(file, 'utf8'), file).map((problem) => `${document} ${problem}`);
};
const generated = documents.filter((document) => document.startsWith('docs/reference/'));

test.each(documents.filter((document) => !generated.includes(document)))(
  '%s is right',
  (document) => {
    expect(problemsOf(document)).toEqual([]);
  },
);

test('the generated reference is right', () => {
  expect(generated.length).toBeGreaterThan(100);
  expect(generated.flatMap(problemsOf)).toEqual([]);
});

test('the README runs at least two commands and includes a shipped flow', () => {
  const directives = markdownBlocks(readFileSync(join(root, 'README.md'), 'utf8')).map(
    (block) => block.directive,
  );
  expect(directives.filter((d) => d === 'run').length).toBeGreaterThanOrEqual(2);
  expect(directives).toContain('include');
});

const fence = (directive, text, language = 'sh') =>
  `${directive}\n\n\`\`\`${language}\n${text}\n\`\`\`\n`;

describe('planted faults are found', () => {
  test('a link that leads nowhere', () => {
    expect(check('See [this](no/such/file.md).')).toEqual(['line 1: no file no/such/file.md']);
  });

  test('an include that differs from its file', () => {
    expect(check(fence('<!-- include: package.json -->', '{}', 'json'))).toEqual([
      'line 3: is not package.json; run npm run generate',
    ]);
  });

  test('an include of a missing file', () => {
    expect(check(fence('<!-- include: gone.ts -->', '', 'ts'))).toEqual([
      'line 3: no file gone.ts to include',
    ]);
  });

  test('a command that fails', () => {
    expect(check(fence('<!-- run -->', 'echo no >&2; exit 4'))).toEqual([
      'line 3: exit 4 instead of 0: no\n',
    ]);
  });

  test('a command that should fail and does not', () => {
    expect(check(fence('<!-- run: exit 1 -->', 'true'))).toEqual(['line 3: exit 0 instead of 1: ']);
  });

  test('an output that is not what the command prints', () => {
    const text = fence('<!-- run -->', 'echo one') + fence('<!-- output -->', 'two', 'text');
    expect(check(text)).toEqual(['line 8: the command printed "one\\n"']);
  });

  test('a directive without a block, and a fence without an end', () => {
    expect(() => check('<!-- run -->\nwords')).toThrow('line 2: run is followed by no block');
    expect(() => check('```sh\necho')).toThrow('line 1: the fence is never closed');
  });
});

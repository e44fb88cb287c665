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

describe('proofs and figures that are not there are found', () => {
  const HERE = 'tools/docs-check/test/documents.test.mjs';
  const proofs = (...items) =>
    `P1 and P2 are promised.\n\n<!-- proofs -->\n\n${items.join('\n')}\n`;
  const proof = (id, title, path = HERE) => `- **${id}** \`${title}\` in [it](${path}): words.`;

  test('proofs that are there: a test, a group, and a title on the next line', () => {
    const second = `- **P2** \`planted faults are found\`\n  in [it](${HERE}).`;
    expect(check(proofs(proof('P1', 'an include of a missing file'), second))).toEqual([]);
  });

  test('a proof whose test or file is gone', () => {
    const found = check(proofs(proof('P1', 'a test that is gone'), proof('P2', 'x', 'no/such')));
    expect(found).toEqual([
      'line 6: no file no/such',
      `line 5: P1: ${HERE} has no test "a test that is gone" that is run`,
    ]);
  });

  test('a proof whose test is skipped, and a title that is only mentioned', () => {
    const file = join(folder, 'skipped.test.mjs');
    writeFileSync(file, "it.skip('one', f);\nconst text = 'two';\nit('three', f);\n");
    const items = [proof('P1', 'one', 'skipped.test.mjs'), proof('P2', 'two', 'skipped.test.mjs')];
    expect(check(proofs(...items), file)).toEqual([
      'line 5: P1: skipped.test.mjs has no test "one" that is run',
      'line 6: P2: skipped.test.mjs has no test "two" that is run',
    ]);
    const good = proof('P1', 'three', 'skipped.test.mjs');
    expect(check(proofs(good, good.replace('P1', 'P2')), file)).toEqual([]);
  });

  test('proofs that nothing refers to, that are missing, twice there or none', () => {
    const good = proof('P1', 'an include of a missing file');
    const found = check(proofs(good, good, good.replace('P1', 'P3'), '- words'));
    expect(found).toEqual([
      'line 6: P1 is there twice',
      'line 8: is no proof: - **P1** `title` in [file](path)',
      'line 1: there is no proof P2',
      'line 1: nothing refers to P3',
    ]);
  });

  test('a list of proofs without one', () => {
    expect(check('<!-- proofs -->')).toEqual(['line 1: the list of proofs is empty']);
  });

  test('a command, or an option, that the program does not have', () => {
    const text = [
      'flows queue run s1_echo --backend redis --url redis://HOST:6379 & # one worker',
      'flows queue run s1_echo --no-such',
      'flows queue walk',
      'flows nowhere --backend redis',
      'redis-server --appendonly yes',
    ];
    expect(check(fence('<!-- needs: Redis -->', text.join('\n')))).toEqual([
      'line 3: queue run has no --no-such',
      'line 3: there is no command queue walk',
      'line 3: there is no command nowhere',
    ]);
  });

  test('a case that the bench does not have', () => {
    expect(check('`bench: linear-10`\n\nand `bench: no-such-case`')).toEqual([
      'line 3: the bench has no case no-such-case',
    ]);
  });
});

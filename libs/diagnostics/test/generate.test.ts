// The generator, run as people run it, on the real messages and on temporary folders.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const generator = fileURLToPath(new URL('../tools/generate.mjs', import.meta.url));

function generate(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [generator, ...args], {
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

const ok = { status: 0, stdout: '', stderr: '' };

const first = `## TST001

error \u00b7 validation \u00b7 The first

> Node {node} is {what}.

**Why.** It
matters.

**Fix.** Mend it.

**Example.** \`a\`
`;
const good = `# Tests\n\n${first}`;

describe('the generator', () => {
  let root: string;
  const path = (name: string) => join(root, name);
  const write = (name: string, text: string) =>
    writeFileSync(path(`libs/diagnostics/messages/${name}`), text);

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'basalt-messages-'));
    mkdirSync(path('libs/diagnostics/messages'), { recursive: true });
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  test('is current for this repository', () => {
    expect(generate('--check')).toEqual(ok);
  });

  test('writes registry and pages, after which --check is content', () => {
    write('test.md', good);
    expect(generate('--root', root)).toEqual(ok);
    expect(readFileSync(path('docs/reference/diagnostics/TST001.md'), 'utf8')).toBe(
      `# TST001: The first

| severity | subsystem | area |
|---|---|---|
| error | validation | test |

> Node {node} is {what}.

**Why it matters.** It matters.

**How to fix it.** Mend it.

**Example.** \`a\`
`,
    );
    const registry = readFileSync(path('libs/diagnostics/src/generated/registry.ts'), 'utf8');
    expect(registry).toContain(
      "  TST001: maker<{ readonly node: Param; readonly what: Param }>('TST001'),",
    );
    expect(generate('--root', root, '--check')).toEqual(ok);
  });

  test('--check names a page that changed, one that is missing and one without a code', () => {
    write('test.md', good);
    generate('--root', root);
    writeFileSync(path('docs/reference/diagnostics/README.md'), 'edited by hand');
    rmSync(path('docs/reference/diagnostics/TST001.md'));
    writeFileSync(path('docs/reference/diagnostics/OLD001.md'), '');
    expect(generate('--root', root, '--check')).toEqual({
      status: 1,
      stdout: '',
      stderr: `docs/reference/diagnostics/README.md is out of date
docs/reference/diagnostics/TST001.md is out of date
docs/reference/diagnostics/OLD001.md belongs to no code
run: node libs/diagnostics/tools/generate.mjs
`,
    });
    expect(generate('--root', root)).toEqual(ok);
    expect(existsSync(path('docs/reference/diagnostics/OLD001.md'))).toBe(false);
    expect(generate('--root', root, '--check')).toEqual(ok);
  });

  test('keeps a fenced block of an example as it is', () => {
    write('test.md', `${good}\n\`\`\`json\n## not a code\n{ "a": 1 }\n\`\`\`\n`);
    expect(generate('--root', root)).toEqual(ok);
    const page = readFileSync(path('docs/reference/diagnostics/TST001.md'), 'utf8');
    expect(page.split('**Example.** ')[1]).toBe('`a`\n\n```json\n## not a code\n{ "a": 1 }\n```\n');
  });

  const meta = 'error \u00b7 validation \u00b7 The first';
  test.each([
    ['', 'test.md:1: the first line is not a title "# Area"'],
    [`Tests\n\n${first}`, 'test.md:1: the first line is not a title "# Area"'],
    [`# Tests\n\nA remark.\n\n${first}`, 'test.md:3: text before the first code'],
    [
      good.replace('TST001', 'tst001'),
      'test.md:3: tst001: a code is capital letters and three digits',
    ],
    [
      good.replace('TST001', 'TST01'),
      'test.md:3: TST01: a code is capital letters and three digits',
    ],
    [
      good.replace(meta, 'error, validation, The first'),
      'test.md:5: TST001: expected a line "severity \u00b7 subsystem \u00b7 summary"',
    ],
    [
      good.replace('error', 'severe'),
      'test.md:5: TST001: unknown severity severe; known are fatal, error, warning, info',
    ],
    [good.replace('> Node', 'Node'), 'test.md:7: TST001: expected a template "> ..."'],
    [
      good.replace('{what}', '{What it is}'),
      'test.md:7: TST001: {What it is} is no parameter name; use {lower_case}',
    ],
    [good.replace('{what}', '{}'), 'test.md:7: TST001: {} is no parameter name; use {lower_case}'],
    [good.replace('{what}', '{what'), 'test.md:7: TST001: a brace in the template has no partner'],
    [
      good.replace('**Fix.** Mend it.\n\n', ''),
      'test.md:12: TST001: expected a paragraph "**Fix.** ..."',
    ],
    [
      good.replace('**Why.** It\nmatters.', '**Why.**'),
      'test.md:9: TST001: expected a paragraph "**Why.** ..."',
    ],
    [
      good.replace('**Example.** `a`\n', ''),
      'test.md:12: TST001: expected a paragraph "**Example.** ..."',
    ],
    [
      good.replace('**Fix.**', 'A stray line.\n\n**Fix.**'),
      'test.md:12: TST001: expected a paragraph "**Fix.** ..."',
    ],
    [`${good}\n**See.** There.\n`, 'test.md:16: TST001: unknown part: **See.** There.'],
    [`${good}\n### More\n`, 'test.md:16: TST001: unknown part: ### More'],
    [`${good}\n\`\`\`\n`, 'test.md:17: a fenced block is not closed'],
    [`${good}\n${first}`, 'test.md:16: TST001: the code is already used by TST001 at test.md:3'],
    [
      `${good}\n${first.replace('TST001', 'TST002')}`,
      'test.md:16: TST002: the template is already used by TST001 at test.md:3',
    ],
  ])('refuses a broken file (%#)', (text, message) => {
    write('test.md', text);
    expect(generate('--root', root)).toEqual({ status: 1, stdout: '', stderr: `${message}\n` });
  });

  test('refuses a code that another file has', () => {
    write('a.md', good);
    write('b.md', good.replace('{what}', 'another'));
    expect(generate('--root', root).stderr).toBe(
      'b.md:3: TST001: the code is already used by TST001 at a.md:3\n',
    );
  });

  test('a broken file leaves what was generated alone', () => {
    write('test.md', good);
    generate('--root', root);
    write('other.md', '# Other\n\n## BAD\n');
    expect(generate('--root', root).status).toBe(1);
    write('other.md', '# Other\n');
    expect(generate('--root', root, '--check')).toEqual(ok);
  });
});

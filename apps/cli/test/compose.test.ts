// flows compose check|normalize|run|test, as users type them.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { documentOf, runFlows, withFolder } from './testing/run-flows.js';

const GREET = `compose:
  - call: lcod://contract/core/string/format@1
    in: {template: "Hello, {name}", values: {name: $.name}}
    out: {text: value}
`;
const FAIL = `compose:
  - call: lcod://flow/foreach@1
    in: {list: [1]}
    slots:
      - call: lcod://flow/throw@1
        in: {code: out_of_stock, message: none left}
`;
const FIXTURE = (expected: number) => `compose:
  - call: lcod://tooling/test_checker@1
    in:
      compose: [{call: lcod://tooling/script@1, in: {source: "() => ({ v: 42 })"}, out: {v: v}}]
      expected: {v: ${expected}}
    out: {report: $}
`;

async function withFiles(
  files: Readonly<Record<string, string>>,
  use: (cwd: string) => Promise<void>,
): Promise<void> {
  await withFolder(async (cwd) => {
    for (const [name, text] of Object.entries(files)) {
      await mkdir(join(cwd, name, '..'), { recursive: true });
      await writeFile(join(cwd, name), text);
    }
    await use(cwd);
  });
}

test('run prints the last state', () =>
  withFiles({ 'c.yaml': GREET }, async (cwd) => {
    const state = ['--state', '{"name":"Ada"}'];
    const run = await runFlows(['compose', 'run', 'c.yaml', '--json', ...state], { cwd });
    expect(run).toEqual({ status: 0, stdout: '{"name":"Ada","text":"Hello, Ada"}\n', stderr: '' });
  }));

test('a failure is told with its line, and exit 1', () =>
  withFiles({ 'c.yaml': FAIL }, async (cwd) => {
    const { status, stdout, stderr } = await runFlows(['compose', 'run', 'c.yaml'], { cwd });
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(
      /COMP130: The compose ends with out_of_stock: none left\n {2}at c\.yaml:5:9/,
    );
    const json = await runFlows(['compose', 'run', 'c.yaml', '--json'], { cwd });
    expect(documentOf(json)).toMatchObject({
      status: 'failed',
      diagnostics: [{ code: 'COMP130', location: { file: 'c.yaml', line: 5 } }],
    });
  }));

test('what is not granted is refused, and what is granted is not', () =>
  withFiles(
    {
      'read.yaml':
        'compose: [{call: lcod://contract/core/env/get@1, in: {name: SECRET}, out: {"...": "="}}]',
      'write.yaml':
        'compose: [{call: lcod://contract/core/fs/write-file@1, in: {path: out.txt, data: x}, out: {n: bytesWritten}}]',
    },
    async (cwd) => {
      const env = { SECRET: 's' };
      const read = (more: readonly string[]) =>
        runFlows(['compose', 'run', 'read.yaml', '--json', ...more], { cwd, env });
      expect(documentOf(await read([]))).toEqual({ value: null, exists: false });
      expect(documentOf(await read(['--allow-env', 'SECRET']))).toEqual({
        value: 's',
        exists: true,
      });
      const write = ['compose', 'run', 'write.yaml', '--json'];
      expect(documentOf(await runFlows(write, { cwd }))).toMatchObject({
        diagnostics: [{ code: 'CAP111' }],
      });
      expect(documentOf(await runFlows([...write, '--allow-write', '.'], { cwd }))).toEqual({
        n: 1,
      });
      expect(await readFile(join(cwd, 'out.txt'), 'utf8')).toBe('x');
    },
  ));

test('check finds what nothing answers; normalize writes all sugar out', () =>
  withFiles(
    { 'c.yaml': 'compose:\n  - call: lcod://contract/shop/pay@1\n    in: {a: "="}\n' },
    async (cwd) => {
      const check = await runFlows(['compose', 'check', 'c.yaml', '--json'], { cwd });
      expect(check.status).toBe(1);
      expect(documentOf(check)).toMatchObject({
        status: 'failed',
        diagnostics: [{ code: 'COMP102', location: { file: 'c.yaml', line: 2 } }],
      });
      const bound = ['--bind', 'lcod://contract/shop/pay@1=lcod://impl/echo@1', '--demo'];
      const good = await runFlows(['compose', 'check', 'c.yaml', ...bound], { cwd });
      expect(good).toEqual({ status: 0, stdout: '', stderr: 'c.yaml: OK (1 step)\n' });
      const canonical = await runFlows(['compose', 'normalize', 'c.yaml', '--json'], { cwd });
      expect(canonical.stdout).toBe(
        '{"compose":[{"call":"lcod://contract/shop/pay@1","in":{"a":"$.a"}}]}\n',
      );
    },
  ));

test('test runs fixtures, writes JUnit, and compares two runs', () =>
  withFiles(
    { 'suite/a/compose.yaml': FIXTURE(42), 'suite/b/compose.yaml': FIXTURE(41) },
    async (cwd) => {
      const all = await runFlows(['compose', 'test', 'suite', '--junit', 'report.xml'], { cwd });
      expect([all.status, all.stdout]).toEqual([
        1,
        'ok a\nFAILED b\n    $.v is not what is expected.\n1 passed, 1 failed\n',
      ]);
      expect(await readFile(join(cwd, 'report.xml'), 'utf8')).toContain('tests="2" failures="1"');
      const one = await runFlows(['compose', 'test', 'suite/a', '--json'], { cwd });
      await writeFile(join(cwd, 'before.json'), one.stdout);
      const same = ['compose', 'test', 'suite/a', '--json', '--against', 'before.json'];
      expect(documentOf(await runFlows(same, { cwd }))).toMatchObject({
        status: 'ok',
        differences: [],
      });
      const changed = one.stdout.replaceAll('42', '43');
      await writeFile(join(cwd, 'before.json'), changed);
      const other = await runFlows(same, { cwd });
      expect(other.status).toBe(1);
      expect(documentOf(other)).toMatchObject({ differences: [{ name: 'a', kind: 'report' }] });
    },
  ));

test('a project gives its components to relative ids', () =>
  withFiles(
    {
      'workspace.lcp.toml':
        'schemaVersion = "1.0"\nid = "lcod://shop/ws@1.0.0"\nkind = "workspace"\n[workspace]\npackages = ["shop"]\n',
      'packages/shop/lcp.toml':
        'schemaVersion = "2.0"\nid = "lcod://shop/core@1.2.0"\nversion = "1.2.0"\nkind = "workspace-package"\nsummary = "s"\n[workspace]\ncomponentsDir = "components"\n',
      'packages/shop/README.md': '# shop\n',
      'packages/shop/components/greet/lcp.toml':
        'schemaVersion = "2.0"\nid = "lcod://shop/core/greet@1.2.0"\nversion = "1.2.0"\nkind = "component"\nsummary = "s"\n[inputs.name]\nsummary = "who"\nschema = \'{"type":"string"}\'\nrequired = true\n[outputs.text]\nsummary = "what"\nschema = \'{"type":"string"}\'\n',
      'packages/shop/components/greet/README.md': '# greet\n',
      'packages/shop/components/greet/compose.yaml': GREET,
      'c.yaml':
        'compose:\n  - call: lcod://shop/core/greet@1\n    in: {name: "="}\n    out: {text: text}\n',
    },
    async (cwd) => {
      const run = ['compose', 'run', 'c.yaml', '--json', '--project', '.'];
      const good = await runFlows([...run, '--state', '{"name":"Ada"}'], { cwd });
      expect(good).toEqual({
        status: 0,
        stdout: '{"name":"Ada","text":"Hello, Ada"}\n',
        stderr: '',
      });
      const bad = await runFlows([...run, '--state', '{"name":5}'], { cwd });
      expect(bad.status).toBe(1);
      expect(documentOf(bad)).toMatchObject({ diagnostics: [{ location: { line: 2 } }] });
      const check = await runFlows(['compose', 'check', 'c.yaml', '--project', '.'], { cwd });
      expect([check.status, check.stderr]).toEqual([0, 'c.yaml: OK (1 step)\n']);
      const none = await runFlows(['compose', 'check', 'c.yaml', '--project', 'none'], { cwd });
      expect([none.status, none.stderr]).toEqual([1, expect.stringContaining('COMP206')]);
    },
  ));

test.each([
  [['compose', 'run', 'c.yaml', '--state', '[]'], 2],
  [['compose', 'run', 'c.yaml', '--timeout', 'soon'], 2],
  [['compose', 'run', 'c.yaml', '--bind', 'a'], 2],
  [['compose', 'run', 'none.yaml'], 1],
  [['compose', 'run', 'c.yaml', '--allow-read', 'none'], 1],
  [['compose', 'test', '.', '--against', 'c.yaml'], 1],
  [['compose', 'test', '.'], 1],
])('%j ends with %i', (args, status) =>
  withFiles({ 'c.yaml': GREET }, async (cwd) => {
    const outcome = await runFlows(args, { cwd });
    expect([outcome.status, outcome.stdout]).toEqual([status, '']);
    expect(outcome.stderr).not.toMatch(/A fault of flows itself/);
  }),
);

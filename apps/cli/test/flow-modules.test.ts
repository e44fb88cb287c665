// Flows in TypeScript and JavaScript files.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { moduleText } from './testing/flow-text.js';
import { codesOf, documentOf, runFlows, withFolder, type Outcome } from './testing/run-flows.js';

async function withFiles<T>(
  files: Readonly<Record<string, string>>,
  body: (cwd: string) => Promise<T>,
): Promise<T> {
  return withFolder(async (cwd) => {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(cwd, path)), { recursive: true });
      await writeFile(join(cwd, path), text);
    }
    return body(cwd);
  });
}

const checkFile = (text: string, file = 'flow.ts'): Promise<Outcome> =>
  withFiles({ [file]: text }, (cwd) => runFlows(['graph', 'check', file], { cwd }));

test('in any folder, without an install, with relative imports', async () => {
  const files = {
    'lib/answer.ts': 'export const answer: number = 42;\n',
    'flow.ts': moduleText('() => ({ answer })', {
      head: "import { answer } from './lib/answer.js';",
    }),
  };
  await withFiles(files, async (cwd) => {
    const outcome = await runFlows(['run', 'local', 'flow.ts', '--json'], { cwd });
    expect([outcome.status, documentOf(outcome)['result']]).toEqual([0, { answer: 42 }]);
  });
});

test('JavaScript, default exports, and a path above', async () => {
  const text = moduleText('() => 1', { name: 'inner' }).replace(
    'export const inner =',
    'export default',
  );
  await withFiles({ 'flow.mjs': text, 'sub/x': '' }, async (cwd) => {
    const outcome = await runFlows(['run', 'local', '../flow.mjs'], { cwd: join(cwd, 'sub') });
    expect([outcome.status, outcome.stdout]).toEqual([0, '1\n']);
  });
});

test('of several flows one is chosen with #', async () => {
  const both =
    moduleText("() => 'a'", { name: 'first' }) +
    moduleText("() => 'b'", { name: 'second' }).replace(/^import.*$/m, '');
  await withFiles({ 'flows.ts': both }, async (cwd) => {
    const run = (flow: string) => runFlows(['run', 'local', flow], { cwd });
    const [first, second, none, wrong] = await Promise.all([
      run('flows.ts#first'),
      run('flows.ts#second'),
      run('flows.ts'),
      run('flows.ts#secnod'),
    ]);
    expect([first!.stdout, second!.stdout]).toEqual(['"a"\n', '"b"\n']);
    expect(none!.stderr.split('\n')[0]).toBe(
      'error LOAD004: flows.ts exports 2 flows; name one of first, second as flows.ts#NAME.',
    );
    expect(wrong!.stderr.split('\n')[0]).toBe(
      'error LOAD004: flows.ts exports no flow secnod; there is second.',
    );
    expect([none!.status, wrong!.status]).toEqual([1, 1]);
  });
});

test('a module that exports none', async () => {
  const { status, stderr } = await checkFile('export const x = 1;\n');
  expect(status).toBe(1);
  expect(stderr).toMatch(
    /^error LOAD004: flow\.ts exports no flow; export one made by defineFlow\.\n {2}at flow\.ts\n/,
  );
});

test('a module that does not compile is placed in its line', async () => {
  const { status, stderr } = await checkFile('const a = 1;\nconst b = (;\n');
  expect(status).toBe(1);
  expect(stderr).toMatch(
    /^error LOAD002: .*flow\.ts does not compile: Unexpected ";"\n {2}at flow\.ts:2:12\n {4}2 \| const b = \(;\n {6}\| {12}\^\n/,
  );
});

test('a package that is not installed is named', async () => {
  const { status, stderr } = await checkFile("import 'absent-package';\n");
  expect([status, stderr.includes('absent-package')]).toEqual([1, true]);
  expect(stderr).toMatch(/^error LOAD00[23]: /);
});

test('a module that throws while it is loaded says what and where', async () => {
  const { status, stderr } = await checkFile("const a = 1;\nthrow new Error('no database');\n");
  expect(status).toBe(1);
  expect(stderr).toMatch(
    /^error LOAD003: flow\.ts failed while it was loaded: no database\n {2}at flow\.ts:2:7\n/,
  );
});

test('a flow that is wrong as authored is placed in its line', async () => {
  const text = moduleText('() => 1').replace("f.inline('step'", "f.inline('trigger'");
  const { status, stderr } = await checkFile(text);
  expect(status).toBe(1);
  expect(stderr).toMatch(/^error \w+: [^\n]+\n {2}at flow\.ts:\d+:\d+/);
});

test('a finding of the validator is placed in the line that made the node', async () => {
  const text = moduleText('() => 1', {
    options: "effects: 'effectful', uses: ['resource::kv::write'],",
  });
  await withFiles({ 'flow.ts': text }, async (cwd) => {
    const outcome = await runFlows(['graph', 'check', 'flow.ts', '--json'], { cwd });
    expect([outcome.status, codesOf(outcome)]).toEqual([1, ['DAG004']]);
    const line = text.split('\n').findIndex((row) => row.includes('f.inline(')) + 1;
    const { diagnostics } = documentOf(outcome) as { diagnostics: { location: object }[] };
    expect(diagnostics[0]!.location).toMatchObject({
      file: 'flow.ts',
      line,
      pointer: expect.any(String),
    });
  });
});

test('a finding of a body is placed at the call', async () => {
  const text = moduleText('() => {\n      return Math.random();\n    }', {
    options: "effects: 'pure', determinism: 'strict',",
  });
  const { status, stderr } = await checkFile(text);
  const line = text.split('\n').findIndex((row) => row.includes('Math.random')) + 1;
  expect(status).toBe(1);
  expect(stderr).toContain(`  at flow.ts:${line}:14\n    ${line} |       return Math.random();\n`);
});

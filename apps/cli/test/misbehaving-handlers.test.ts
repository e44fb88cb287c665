// Handlers that throw, hang or return what is no value, and Ctrl-C.
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { moduleText } from './testing/flow-text.js';
import { codesOf, documentOf, runFlows, withFolder, type RunOptions } from './testing/run-flows.js';

const WAITS = "uses: ['resource::clock'], effects: 'read_only', determinism: 'best_effort',";

/** Runs a flow with this handler. */
function runHandler(handler: string, flags: readonly string[], options = '', io: RunOptions = {}) {
  return withFolder(async (cwd) => {
    await writeFile(join(cwd, 'flow.ts'), moduleText(handler, { options }));
    return runFlows(['run', 'local', 'flow.ts', ...flags], { cwd, ...io });
  });
}

test('a handler that throws', async () => {
  const outcome = await runHandler("() => {\n      throw new Error('out of paper');\n    }", [
    '--json',
  ]);
  expect([outcome.status, outcome.stderr]).toEqual([1, '']);
  const { diagnostics, summary, result } = documentOf(outcome) as {
    diagnostics: { code: string; message: string }[];
    summary: { errors: unknown };
    result: unknown;
  };
  expect(diagnostics[0]!.code).toMatch(/^RUN\d+$/);
  expect(diagnostics[0]!.message).toContain('out of paper');
  expect([result, summary.errors]).toEqual([
    null,
    [{ alias: 'step', error_kind: 'handler_error', count: 1 }],
  ]);
});

test.each([
  ['a function', '() => (() => 1) as never'],
  ['a Map', '() => new Map() as never'],
  [
    'a cycle',
    '() => {\n const a: Record<string, unknown> = {};\n a.a = a;\n return a as never;\n}',
  ],
  ['a symbol', "() => Symbol('x') as never"],
])('a handler that returns %s, which is no value', async (_name, handler) => {
  const outcome = await runHandler(handler, ['--json']);
  expect([outcome.status, outcome.stderr]).toEqual([1, '']);
  expect(codesOf(outcome)[0]).toMatch(/^RUN1\d\d$/);
});

test('a handler that hangs is left behind at the deadline', async () => {
  const handler = '() => new Promise(() => { setInterval(() => undefined, 1000); })';
  const outcome = await runHandler(handler, ['--deadline-ms', '50', '--json'], WAITS);
  expect(outcome.status).toBe(1);
  expect(codesOf(outcome)).toContain('TIME015');
});

const CLEANS_UP = `async (_, { clock, signal }) => {
      process.stdout.write('begun\\n');
      try {
        await clock.sleep(60_000, signal);
      } finally {
        await clock.sleep(200);
        process.stdout.write('cleaned\\n');
      }
      return null;
    }`;

test.each(['SIGINT', 'SIGTERM'] as const)('%s waits for clean-up and gives 130', async (signal) => {
  await withFolder(async (cwd) => {
    await writeFile(join(cwd, 'flow.ts'), moduleText(CLEANS_UP, { options: WAITS }));
    const args = ['run', 'local', 'flow.ts', '--bind', 'kv=disk:store', '--trace', 'trace.json'];
    let isSent = false;
    const onOutput: RunOptions['onOutput'] = (kill, stdout) => {
      if (isSent || !stdout.includes('begun')) return;
      isSent = true;
      kill(signal);
    };
    const outcome = await runFlows(args, { cwd, onOutput });
    expect([outcome.status, outcome.stdout]).toEqual([130, 'begun\ncleaned\n']);
    expect(outcome.stderr).toMatch(/^error RUN\d+: [^\n]*it was interrupted/);
    expect((await readdir(cwd)).sort()).toEqual(['flow.ts', 'store', 'trace.json']);
  });
});

test('Ctrl-C while a module loads for ever ends at once with 130', async () => {
  await withFolder(async (cwd) => {
    const hanging =
      "process.stdout.write('loading\\n');\nawait new Promise((r) => setTimeout(r, 60_000));\nexport const x = 1;\n";
    await writeFile(join(cwd, 'flow.ts'), hanging);
    const outcome = await runFlows(['graph', 'check', 'flow.ts'], {
      cwd,
      onOutput: (kill) => kill('SIGINT'),
    });
    expect([outcome.status, outcome.stdout, outcome.stderr]).toEqual([130, 'loading\n', '']);
  });
});

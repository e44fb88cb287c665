// The plugin in a workspace of its own: a header edit affects exactly what includes it, outputs come
// back from the cache, an edit of an executor is noticed, and tests are counted.
import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { makeWorkspace, removeFolders, runNx } from './workspace.mjs';

// Nx starts a dozen times; this only ends what hangs.
jest.setTimeout(600000);

afterAll(removeFolders);

const MACHINES = ['x86_64-unknown-none-elf', 'aarch64-none-elf'];
const kernel = (name, layer, uses) => JSON.stringify({ name, layer, uses, machines: MACHINES });

const FILES = {
  'kernels/.clang-format': 'BasedOnStyle: LLVM\n',
  'kernels/include/kernel.json': '{ "name": "headers", "layer": "include" }',
  'kernels/include/basalt/one.h': '#pragma once\n#define ONE 1\n',
  'kernels/include/basalt/two.h': '#pragma once\n#define TWO 2\n',
  'kernels/a/kernel.json': kernel('a', 'runtime', ['include']),
  'kernels/a/include/a/a.h': '#pragma once\nint a(void);\n',
  'kernels/a/src/a.c': '#include "a/a.h"\n#include "basalt/one.h"\nint a(void) { return ONE; }\n',
  'kernels/a/test/a.test.c':
    '#include "a/a.h"\n#include <stdio.h>\n' +
    'int main(void) {\n  printf("%sok 1 - a\\n1..1\\n", a() == 1 ? "" : "not ");\n' +
    '  return a() != 1;\n}\n',
  'kernels/b/kernel.json': kernel('b', 'core', ['a']),
  'kernels/b/src/b.c': '#include "a/a.h"\nint b(void);\nint b(void) { return a(); }\n',
  'kernels/c/kernel.json': kernel('c', 'runtime', []),
  'kernels/c/src/c.c': 'int c(void);\nint c(void) { return 3; }\n',
};

let root;
beforeAll(() => {
  root = makeWorkspace(FILES);
});

const nx = (...args) => runNx(root, ...args);

async function affected(file) {
  const { output } = await nx('show', 'projects', '--affected', `--files=${file}`, '--json');
  return JSON.parse(output.slice(output.indexOf('['))).sort();
}

test('a header edit affects exactly what includes it', async () => {
  expect(await affected('kernels/a/include/a/a.h')).toEqual(['a', 'b']);
  expect(await affected('kernels/include/basalt/two.h')).toEqual(['a', 'b', 'headers']);
  expect(await affected('tools/nx-kernel/tap.mjs')).toEqual([
    'a',
    'b',
    'c',
    'headers',
    'nx-kernel',
  ]);
  writeFileSync(join(root, 'kernels/a/src/a.c'), '#include "a/a.h"\nint a(void) { return 1; }\n');
  expect(await affected('kernels/include/basalt/two.h')).toEqual(['headers']);
});

test('outputs come back from the cache, and an edit of an executor is noticed', async () => {
  const archive = join(root, `dist/kernels/a/${MACHINES[0]}/liba.a`);
  const first = await nx('run', 'a:build');
  expect([first.status, /2 objects compiled for x86_64/.test(first.output)]).toEqual([0, true]);
  const bytes = readFileSync(archive);
  rmSync(join(root, 'dist'), { recursive: true });
  const again = await nx('run', 'a:build');
  expect([again.status, /1\/1 hit/.test(again.output)]).toEqual([0, true]);
  expect(readFileSync(archive).equals(bytes)).toBe(true);
  const commands = JSON.parse(readFileSync(join(root, 'dist/kernels/a/compile_commands.json')));
  expect(commands.map(({ file, directory }) => [file, directory])).toEqual(
    MACHINES.map(() => ['kernels/a/src/a.c', root]),
  );
  for (const file of ['symbols.txt', 'disassembly.txt'])
    expect(existsSync(join(root, `dist/kernels/a/${MACHINES[1]}`, file))).toBe(true);
  appendFileSync(join(root, 'tools/nx-kernel/compile-executor.mjs'), '// Edited.\n');
  expect(/0\/1 hit/.test((await nx('run', 'a:build')).output)).toBe(true);
});

test('tests are run and counted, failures fail', async () => {
  expect((await nx('run', 'a:test')).status).toBe(0);
  const counts = () => JSON.parse(readFileSync(join(root, 'dist/test-results/a.json'), 'utf8'));
  expect(counts()).toEqual({ passed: 1, failed: 0, skipped: 0 });
  const file = join(root, 'kernels/a/src/a.c');
  writeFileSync(file, '#include "a/a.h"\nint a(void) { return 2; }\n');
  const failed = await nx('run', 'a:test');
  expect([failed.status, /not ok 1 - a/.test(failed.output)]).toEqual([1, true]);
  expect(counts()).toEqual({ passed: 0, failed: 1, skipped: 0 });
  writeFileSync(file, '#include "a/a.h"\nint a(void) { int x; return x; }\n');
  expect(/uninitialized/.test((await nx('run', 'a:test')).output)).toBe(true);
});

test('an include upward fails the lint of its project', async () => {
  writeFileSync(join(root, 'kernels/c/src/c.c'), '#include "a/a.h"\n');
  const { status, output } = await nx('run', 'c:lint');
  expect([status, output.includes('which kernels/c/kernel.json does not use')]).toEqual([1, true]);
});

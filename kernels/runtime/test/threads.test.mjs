// Builds and runs test/*.tsan.c with ThreadSanitizer. It needs the usual layout of addresses: where
// the system makes another one, the program runs with addresses that are not shuffled, and where that
// is not allowed either, without the sanitizer, which is then said.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const runtime = fileURLToPath(new URL('../', import.meta.url));
const filesIn = (folder, end) =>
  readdirSync(join(runtime, folder))
    .filter((file) => file.endsWith(end))
    .sort()
    .map((file) => `${folder}/${file}`);

function build(program, output, sanitizer) {
  const flags = ['-std=c11', '-ffreestanding', '-g', '-O1', '-I../include', '-Iinclude'];
  const args = [...flags, ...sanitizer, program, ...filesIn('src', '.c'), '-o', output, '-pthread'];
  execFileSync('clang', args, { cwd: runtime });
}

function run(command, args) {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  return { status, output: `${stdout ?? ''}${stderr ?? ''}` };
}

const started = ({ output }) => /^(not )?ok /m.test(output);

function runSanitized(program, output) {
  build(program, output, ['-fsanitize=thread']);
  const plain = run(output, []);
  if (started(plain) || !plain.output.includes('unexpected memory mapping')) return plain;
  const unshuffled = run('setarch', ['-R', output]);
  if (started(unshuffled)) return unshuffled;
  process.stdout.write('# without ThreadSanitizer, which does not start on this system\n');
  build(program, output, []);
  return run(output, []);
}

const folder = mkdtempSync(join(tmpdir(), 'basalt-threads-'));
try {
  for (const program of filesIn('test', '.tsan.c')) {
    const { status, output } = runSanitized(program, join(folder, 'program'));
    process.stdout.write(output);
    if (status !== 0) process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

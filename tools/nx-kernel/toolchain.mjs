// The C compiler as the executors call it: flags, what makes sure that it is there, and running
// several of its processes at once.
import { spawn, spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

/** Flags of every compilation. */
export const FLAGS = [
  '-std=c11',
  '-ffreestanding',
  '-Wall',
  '-Wextra',
  '-Wshadow',
  '-Wstrict-prototypes',
  '-Werror',
];

/** Where the public headers of projects are, as flags. */
export function includeFlags(projects) {
  return projects.map(({ root, layer }) => `-I${layer === 'include' ? root : `${root}/include`}`);
}

/** Makes sure that clang is there; false after it was said which Debian packages it takes. */
export function ensureToolchain(root) {
  const script = join(root, 'tools/setup/ensure-clang.sh');
  return spawnSync('sh', [script], { stdio: 'inherit' }).status === 0;
}

/** Runs a program to its end: exit status (null after a signal) and what it printed. `seconds` only
 * ends what hangs. */
export function runProgram(program, args, { cwd, env, seconds = 300 }) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd, env: { ...process.env, ...env } });
    let output = '';
    const keep = (chunk) => (output += chunk);
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const timer = setTimeout(() => {
      output += `\n${program} was ended after ${seconds} s\n`;
      child.kill('SIGKILL');
    }, seconds * 1000);
    const end = (status) => {
      clearTimeout(timer);
      resolve({ status, output });
    };
    child.once('error', (error) => {
      output += `${error.message}\n`;
      end(null);
    });
    child.once('close', end);
  });
}

/** Maps items with a few calls at work at once, results in order. */
export async function mapAtOnce(items, work) {
  const results = new Array(items.length);
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const at = next++;
      results[at] = await work(items[at]);
    }
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), items.length) }, worker));
  return results;
}

/** Compiles sources to objects, `{source, object}` each; returns the objects, or throws an Error with
 * what the compiler said. */
export async function compileAll(root, pairs, flags) {
  const results = await mapAtOnce(pairs, ({ source, object }) =>
    runProgram('clang', [...flags, '-c', source, '-o', object], { cwd: root }),
  );
  const failed = results.filter(({ status }) => status !== 0);
  if (failed.length > 0) throw new Error(failed.map(({ output }) => output).join('\n'));
  return pairs.map(({ object }) => object);
}

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

/** Flags of a machine beyond its triple: an interrupt may use the stack below its end. */
export function machineFlags(machine) {
  const own = machine.startsWith('x86_64') ? ['-mno-red-zone'] : [];
  // The kernel calls code that is also for others: bytes are never moved through floating point
  // registers, which are those of the interrupted task.
  if (!machine.startsWith('wasm')) own.push('-mno-implicit-float');
  return [`--target=${machine}`, ...own];
}

/** Flags of code that runs in the kernel: floating point registers belong to the interrupted task, and
 * backtraces follow frame pointers. */
const KERNEL_FLAGS = [
  '-mgeneral-regs-only',
  '-fno-omit-frame-pointer',
  '-mno-omit-leaf-frame-pointer',
];

const LAYER_FLAGS = {
  base: KERNEL_FLAGS,
  part: KERNEL_FLAGS,
  core: KERNEL_FLAGS,
  arch: KERNEL_FLAGS,
  'guest-test': KERNEL_FLAGS,
  // Programs are linked far above 2 GiB.
  user: ['-fPIE'],
};

/** Flags of a layer. Sections of their own let the linker leave out what an image does not call. */
export function layerFlags(layer) {
  return [
    '-ffunction-sections',
    '-fdata-sections',
    '-fno-asynchronous-unwind-tables',
    ...(LAYER_FLAGS[layer] ?? []),
  ];
}

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

/** Runs a tool of the toolchain and gives its output; throws an Error with what it said. */
export async function runTool(root, program, args) {
  const { status, output } = await runProgram(program, args, { cwd: root });
  if (status !== 0) throw new Error(`${program} failed:\n${output}`);
  return output;
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

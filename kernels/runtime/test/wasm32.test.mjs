// The self-test as WebAssembly: its lines must be those of every machine. With UPDATE_SNAPSHOTS=1
// they are written instead.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { filesIn } from '../../../tools/nx-kernel/kernel-project.mjs';
import { compileAll, FLAGS, runProgram } from '../../../tools/nx-kernel/toolchain.mjs';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const expectedFile = fileURLToPath(new URL('self-test.expected', import.meta.url));
const flags = [...FLAGS, '--target=wasm32-unknown-unknown', '-O2'];
const includes = ['-Ikernels/include', '-Ikernels/runtime/include'];

async function link(folder) {
  const sources = filesIn(root, { root: 'kernels/runtime' }, 'src', /\.c$/);
  const pairs = sources.map((source, i) => ({ source, object: join(folder, `${i}.o`) }));
  const objects = await compileAll(root, pairs, [...flags, ...includes]);
  const host = join(folder, 'host.o');
  const hostPair = { source: 'kernels/runtime/test/wasm32-host.c', object: host };
  await compileAll(root, [hostPair], [...flags, ...includes, '-fno-builtin']);
  const module = join(folder, 'self-test.wasm');
  const args = [
    '--no-entry',
    '-z',
    'stack-size=8192',
    '--stack-first',
    ...objects,
    host,
    '-o',
    module,
  ];
  const { status, output } = await runProgram('wasm-ld', args, { cwd: root });
  if (status !== 0) throw new Error(output);
  return readFileSync(module);
}

async function selfTest() {
  const folder = mkdtempSync(join(tmpdir(), 'basalt-wasm32-'));
  try {
    const lines = [];
    let memory;
    const host = {
      line: (at, length) =>
        lines.push(new TextDecoder().decode(new Uint8Array(memory.buffer, at, length))),
    };
    const { instance } = await WebAssembly.instantiate(await link(folder), { host });
    memory = instance.exports.memory;
    const failures = instance.exports.selftest();
    return { failures, text: lines.map((line) => `${line}\n`).join('') };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const { failures, text } = await selfTest();
if (process.env.UPDATE_SNAPSHOTS === '1') writeFileSync(expectedFile, text);
const same = text === readFileSync(expectedFile, 'utf8');
if (!same) console.log(text.replace(/^/gm, '# '));
console.log(`${failures === 0 ? 'ok' : 'not ok'} 1 - the self-test passes in WebAssembly`);
console.log(`${same ? 'ok' : 'not ok'} 2 - its lines are those of every machine`);
console.log('1..2');
process.exitCode = failures === 0 && same ? 0 : 1;

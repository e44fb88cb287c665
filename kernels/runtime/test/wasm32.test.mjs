// The self-test as WebAssembly: its lines must be those of every machine. With UPDATE_SNAPSHOTS=1
// they are written instead.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const runtime = fileURLToPath(new URL('../', import.meta.url));
const expectedFile = join(runtime, 'test/self-test.expected');

/** The module. The stack is all that the self-test says it takes; one that is too small traps. */
function compile() {
  const folder = mkdtempSync(join(tmpdir(), 'basalt-wasm32-'));
  const output = join(folder, 'self-test.wasm');
  const sources = readdirSync(join(runtime, 'src')).filter((file) => file.endsWith('.c'));
  const flags = [
    ...['--target=wasm32-unknown-unknown', '-std=c11', '-ffreestanding', '-fno-builtin', '-O2'],
    ...['-nostdlib', '-Wl,--no-entry,--stack-first,-z,stack-size=8192'],
    ...['-I../include', '-Iinclude', '-o', output],
  ];
  try {
    const files = sources.map((file) => `src/${file}`);
    execFileSync('clang', [...flags, ...files, 'test/wasm32-host.c'], { cwd: runtime });
    return readFileSync(output);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function selfTest() {
  let text = '';
  let memory;
  const decoder = new TextDecoder();
  const line = (at, length) =>
    (text += `${decoder.decode(new Uint8Array(memory.buffer, at, length))}\n`);
  const { instance } = await WebAssembly.instantiate(compile(), { host: { line } });
  memory = instance.exports.memory;
  return { failures: instance.exports.selftest(), text };
}

const { failures, text } = await selfTest();
if (process.env.UPDATE_SNAPSHOTS === '1') writeFileSync(expectedFile, text);
const same = text === readFileSync(expectedFile, 'utf8');
const results = [
  same ? '' : text.replace(/^(?=.)/gm, '# '),
  `${failures === 0 ? 'ok' : 'not ok'} 1 - the self-test passes in WebAssembly\n`,
  `${same ? 'ok' : 'not ok'} 2 - its lines are those of every machine\n`,
  '1..2\n',
];
process.stdout.write(results.join(''));
process.exitCode = failures === 0 && same ? 0 : 1;

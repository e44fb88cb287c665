// What tools/*.mjs write is what is in the tree: each runs in a copy of its surroundings, and every
// file that it leaves there must be the same here.
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const runtime = fileURLToPath(new URL('../', import.meta.url));
const workspace = join(runtime, '../..');
const copy = mkdtempSync(join(tmpdir(), 'basalt-generated-'));
const written = join(copy, 'kernels/runtime');

/** Runs a tool in the copy; the files that it wrote. */
function run(tool) {
  for (const folder of ['src', 'test']) {
    rmSync(join(written, folder), { recursive: true, force: true });
    mkdirSync(join(written, folder), { recursive: true });
  }
  execFileSync(process.execPath, [join(written, 'tools', tool)], { stdio: 'inherit' });
  return ['src', 'test'].flatMap((folder) =>
    readdirSync(join(written, folder)).map((file) => `${folder}/${file}`),
  );
}

const isSame = (file) =>
  readFileSync(join(written, file), 'utf8') === readFileSync(join(runtime, file), 'utf8');

const results = [];
try {
  cpSync(join(runtime, 'tools'), join(written, 'tools'), { recursive: true });
  for (const name of ['schemas', 'node_modules', 'package.json'])
    symlinkSync(join(workspace, name), join(copy, name));
  for (const tool of readdirSync(join(runtime, 'tools')).sort()) {
    const files = run(tool);
    const good = files.length > 0 && files.every(isSame);
    results.push(`${good ? 'ok' : 'not ok'} ${results.length + 1} - ${tool} wrote ${files}\n`);
    if (!good) process.exitCode = 1;
  }
} finally {
  rmSync(copy, { recursive: true, force: true });
}
process.stdout.write(`${results.join('')}1..${results.length}\n`);

// Makes small workspaces with kernel projects of their own, for the tests of the plugin.
import { execFile } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const repository = fileURLToPath(new URL('../../../', import.meta.url));
const made = [];

/** A new folder that holds the files, `{path: text}`. */
export function makeFolder(files) {
  const root = mkdtempSync(join(tmpdir(), 'basalt-nx-kernel-'));
  made.push(root);
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  return root;
}

/** A new Nx workspace with the files, a copy of the plugin, and the packages of this repository. */
export function makeWorkspace(files) {
  const root = makeFolder({
    'package.json': '{ "name": "small", "private": true, "workspaces": ["tools/*"] }',
    'nx.json': JSON.stringify({
      plugins: ['./tools/nx-kernel/plugin.mjs'],
      neverConnectToCloud: true,
      analytics: false,
      namedInputs: { default: ['{projectRoot}/**/*'] },
    }),
    ...files,
  });
  const plugin = join(repository, 'tools/nx-kernel');
  cpSync(plugin, join(root, 'tools/nx-kernel'), {
    recursive: true,
    filter: (path) => path !== join(plugin, 'test'),
  });
  for (const script of ['tools/setup/ensure-clang.sh', 'tools/setup/ensure-qemu.sh'])
    cpSync(join(repository, script), join(root, script));
  mkdirSync(join(root, 'node_modules/@basalt'), { recursive: true });
  symlinkSync(join(root, 'tools/nx-kernel'), join(root, 'node_modules/@basalt/nx-kernel'));
  for (const name of readdirSync(join(repository, 'node_modules')))
    if (name !== '@basalt' && name !== '.cache')
      symlinkSync(join(repository, 'node_modules', name), join(root, 'node_modules', name));
  return root;
}

/** Runs Nx in a workspace: its exit status and what it printed. */
export function runNx(root, ...args) {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith('NX_')),
  );
  const program = join(root, 'node_modules/nx/dist/bin/nx.js');
  const options = {
    cwd: root,
    env: {
      ...env,
      NX_DAEMON: 'false',
      NX_TUI: 'false',
      NX_ISOLATE_PLUGINS: 'false',
      NX_CACHE_DIRECTORY: join(root, '.cache'),
    },
    maxBuffer: 2 ** 24,
  };
  return promisify(execFile)(process.execPath, [program, ...args], options).then(
    ({ stdout, stderr }) => ({ status: 0, output: stdout + stderr }),
    ({ code, stdout, stderr }) => ({ status: code, output: stdout + stderr }),
  );
}

/** Removes what was made. */
export function removeFolders() {
  for (const root of made.splice(0)) rmSync(root, { recursive: true, force: true });
}

// Where QEMU is absent and may not be installed, one line names the command that installs it.
import { spawnSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { makeFolder, removeFolders } from './workspace.mjs';

afterAll(removeFolders);

const script = fileURLToPath(new URL('../../setup/ensure-qemu.sh', import.meta.url));

test('a user who is not root gets the command', () => {
  const bin = makeFolder({ id: '#!/bin/sh\necho 1000\n' });
  chmodSync(`${bin}/id`, 0o755);
  const { status, stdout, stderr } = spawnSync('/bin/sh', [script], {
    env: { PATH: bin },
    encoding: 'utf8',
  });
  expect({ status, stdout, stderr }).toEqual({
    status: 3,
    stdout: '',
    stderr:
      'Kernels boot in qemu-system-x86_64 and qemu-system-aarch64. Install them with: ' +
      'apt-get update && apt-get install -y --no-install-recommends qemu-system-x86 qemu-system-arm\n',
  });
});

test('where all is there, nothing is said', () => {
  const { status, stdout, stderr } = spawnSync('/bin/sh', [script], { encoding: 'utf8' });
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
});

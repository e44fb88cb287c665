// Where clang is absent and may not be installed, one line names the command that installs it.
import { spawnSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { makeFolder, removeFolders } from './workspace.mjs';

afterAll(removeFolders);

const script = fileURLToPath(new URL('../../setup/ensure-clang.sh', import.meta.url));

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
      'The kernels need clang, ld.lld and llvm. Install them with: apt-get update && ' +
      'apt-get install -y clang lld llvm clang-format libc6-dev\n',
  });
});

test('where all is there, nothing is said', () => {
  const { status, stdout, stderr } = spawnSync('/bin/sh', [script], { encoding: 'utf8' });
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
});

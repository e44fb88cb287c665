// The completion script, in a real bash.
import { execFile } from 'node:child_process';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { MAIN, runFlows, withFolder } from './testing/run-flows.js';

/** What bash offers after these words; the last may be empty. */
async function complete(...words: readonly string[]): Promise<readonly string[]> {
  return withFolder(async (folder) => {
    const bin = join(folder, 'bin');
    await mkdir(bin);
    await writeFile(join(bin, 'flows'), `#!/bin/sh\nexec "${process.execPath}" "${MAIN}" "$@"\n`);
    await chmod(join(bin, 'flows'), 0o755);
    const quoted = ['flows', ...words].map((word) => `'${word}'`).join(' ');
    const script = `
      source <(flows completion)
      complete -p flows >/dev/null || exit 1
      COMP_WORDS=(${quoted})
      COMP_CWORD=${words.length}
      _flows_complete
      printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout } = await promisify(execFile)('bash', ['-c', script], {
      cwd: folder,
      env: { ...process.env, PATH: `${bin}:${process.env['PATH']}` },
    });
    return stdout.split('\n').filter(Boolean);
  });
}

test('bash knows the command after the script', async () => {
  const script = await runFlows(['completion']);
  expect([script.status, script.stderr]).toEqual([0, '']);
  const { stdout } = await promisify(execFile)('bash', [
    '-c',
    `${script.stdout}\ncomplete -p flows`,
  ]);
  expect(stdout).toBe('complete -o default -F _flows_complete flows\n');
});

test.each<[readonly string[], readonly string[]]>([
  [
    [''],
    [
      'init',
      'examples',
      'graph',
      'entrypoints',
      'bindings',
      'run',
      'runs',
      'replay',
      'queue',
      'certify',
      'compose',
      'doctor',
      'completion',
    ],
  ],
  [['e'], ['examples', 'entrypoints']],
  [
    ['graph', ''],
    ['check', 'explain', 'show', 'diff'],
  ],
  [['bindings', 'lock', 'g'], ['generate']],
  [['--v'], ['--version']],
  [
    ['run', 'local', 's'],
    ['s1_echo', 's2_site', 's3_branching', 's4_preflight', 's5_rate_limit', 's6_spill'],
  ],
  [['graph', 'diff', 's1_echo', 'quake'], ['quake_digest']],
  [['run', 'local', '--example', 'pay'], ['payments_saga']],
  [
    ['graph', 'check', 's1_echo', '--profile', 'w'],
    ['web', 'wasm'],
  ],
  [
    ['graph', 'explain', 'DAG20'],
    [
      'DAG200',
      'DAG201',
      'DAG202',
      'DAG203',
      'DAG204',
      'DAG205',
      'DAG206',
      'DAG207',
      'DAG208',
      'DAG209',
    ],
  ],
  [
    ['run', 'local', 's1_echo', '--payload'],
    ['--payload', '--payload-file'],
  ],
  [['run', 'local', '--json', '--js'], []],
  [['run', 'local', '--payload-file', ''], []],
  [
    ['nonsense', ''],
    [
      'init',
      'examples',
      'graph',
      'entrypoints',
      'bindings',
      'run',
      'runs',
      'replay',
      'queue',
      'certify',
      'compose',
      'doctor',
      'completion',
    ],
  ],
])('after %j it offers %j', async (words, expected) => {
  expect(await complete(...words)).toEqual(expected);
});

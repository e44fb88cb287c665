// Every argument after -- reaches the program byte for byte, also those that Nx knows itself.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import runExecutor from '../run-executor.mjs';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const NX = fileURLToPath(new URL('../../../node_modules/nx/dist/bin/nx.js', import.meta.url));
const HOSTILE = [
  '--verbose',
  '--no-color',
  '--parallel=2',
  '--cwd=x',
  '--command=id',
  '$HOME',
  '{"a": "b c"}',
  '',
  '--',
  '*',
  "it's",
  'ünïcode',
];

/** Runs Nx as a person does, not as part of the run that this test belongs to. */
async function nx(...args) {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith('NX_')),
  );
  const options = { cwd: root, env: { ...env, NX_DAEMON: 'false' }, maxBuffer: 2 ** 24 };
  return promisify(execFile)(process.execPath, [NX, ...args], options).then(
    ({ stdout }) => ({ status: 0, stdout }),
    ({ code, stdout }) => ({ status: code, stdout }),
  );
}

const printed = (stdout) => JSON.parse(/^arguments (\[.*\])$/m.exec(stdout)[1]);

test('the executor hands every argument over and reports the exit code', async () => {
  const script = `
    import(${JSON.stringify(new URL('../run-executor.mjs', import.meta.url).href)}).then(async (m) => {
      const options = JSON.parse(process.argv[1]);
      console.log('result ' + JSON.stringify(await m.default(options, { root: ${JSON.stringify(root)} })));
    });`;
  const run = async (args) => {
    const options = {
      basaltEntryFile: 'tools/nx-app/test/print-arguments.mjs',
      __unparsed__: args,
    };
    const { stdout } = await promisify(execFile)(process.execPath, [
      '-e',
      script,
      JSON.stringify(options),
    ]);
    return [printed(stdout), JSON.parse(/^result (.*)$/m.exec(stdout)[1])];
  };
  expect(await run(HOSTILE)).toEqual([HOSTILE, { success: true }]);
  expect(await run(['exit=3'])).toEqual([['exit=3'], { success: false }]);
  expect(await run([])).toEqual([[], { success: true }]);
});

test('a program that is not built is a failure', async () => {
  expect(await runExecutor({ basaltEntryFile: 'no/such/program.mjs' }, { root })).toEqual({
    success: false,
  });
});

test('Nx hands them over untouched', async () => {
  const { status, stdout } = await nx('run', 'nx-app:print-arguments', '--', ...HOSTILE);
  expect([status, printed(stdout)]).toEqual([0, HOSTILE]);
  const failed = await nx('run', 'nx-app:print-arguments', '--', 'exit=3');
  expect([failed.status, printed(failed.stdout)]).toEqual([1, ['exit=3']]);
});

test('the command itself runs through Nx', async () => {
  const { status, stdout } = await nx('run', 'cli:run', '--', '--version');
  expect([status, /^0\.1\.0$/m.test(stdout)]).toEqual([0, true]);
});

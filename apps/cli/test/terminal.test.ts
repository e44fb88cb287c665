// Colour and progress: on a terminal only, and no colour with NO_COLOR.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { DIST, MAIN, runFlows } from './testing/run-flows.js';

const ESCAPE = '\u001b[';

/** What a terminal shows of one command line; util-linux's script gives it one. */
async function onTerminal(
  args: string,
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { NO_COLOR: _no, FORCE_COLOR: _force, ...rest } = process.env;
  const command = `'${process.execPath}' '${MAIN}' ${args}`;
  const { stdout } = await promisify(execFile)('script', ['-qec', command, '/dev/null'], {
    cwd: DIST,
    env: { ...rest, TERM: 'xterm', ...env },
  }).catch((error: { stdout: string }) => error);
  return stdout;
}

test('in a pipe there is neither colour nor progress', async () => {
  const outcomes = await Promise.all([
    runFlows(['examples']),
    runFlows(['doctor']),
    runFlows(['graph', 'check', 'gone.json']),
    runFlows(['run', 'local', 's2_site', '--stream']),
    runFlows(['grpah'], { env: { FORCE_COLOR: '1' } }),
  ]);
  for (const { stdout, stderr } of outcomes) expect(stdout + stderr).not.toContain(ESCAPE);
});

test('on a terminal findings and results are coloured, with NO_COLOR they are not', async () => {
  for (const args of ['graph check gone.json', 'examples', 'doctor', 'grpah']) {
    expect([args, (await onTerminal(args)).includes(ESCAPE)]).toEqual([args, true]);
    expect([args, (await onTerminal(args, { NO_COLOR: '1' })).includes(ESCAPE)]).toEqual([
      args,
      false,
    ]);
  }
});

test('an execution that takes a while shows how far it is, and clears the line', async () => {
  const shown = await onTerminal("run local s2_site --payload '{}'");
  expect(shown).toMatch(/\r\u001b\[2K.*\d\.\d s {2}\d+ steps done, now: build/);
  const after = shown.slice(shown.lastIndexOf('steps done'));
  expect(after).toContain('\r\u001b[2K');
});

test('a FLOW is not read from a terminal without being asked', async () => {
  expect(await onTerminal('graph check', { NO_COLOR: '1' })).toBe(
    'error: Name a flow to check.\r\nSuch as: flows graph check s1_echo\r\n',
  );
});

// The conformance fixtures of composes, run by the command that users run.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const MAIN = fileURLToPath(new URL('../../apps/cli/dist/main.js', import.meta.url));
const FIXTURES = fileURLToPath(new URL('../fixtures/compose', import.meta.url));

interface Run {
  readonly status: string;
  readonly results: readonly { readonly name: string; readonly problems: readonly string[] }[];
}

async function run(...more: readonly string[]): Promise<Run> {
  const args = [MAIN, 'compose', 'test', FIXTURES, '--json', ...more];
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 2 ** 26 });
  return JSON.parse(stdout) as Run;
}

test('every fixture passes', async () => {
  const { status, results } = await run();
  const failed = results.filter(({ problems }) => problems.length > 0);
  expect([status, failed]).toEqual(['ok', []]);
  expect(results.length).toBeGreaterThanOrEqual(120);
});

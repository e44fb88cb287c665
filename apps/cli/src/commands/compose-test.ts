// flows compose test TARGET: runs conformance fixtures, each in its folder.
import {
  diffRuns,
  findFixtures,
  junitReport,
  runSuite,
  type FixtureResult,
  type RunDifference,
} from '@basalt/compose';
import { DiagnosticError, diagnostic, printable } from '@basalt/diagnostics';
import { basename, resolve } from 'node:path';
import type { Argv } from 'yargs';
import {
  composeOptions,
  composeProject,
  composeRegistry,
  durationMs,
  withComposeHost,
  type ComposeArgs,
} from '../compose/compose-session.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import type { CommandIo } from '../terminal/command-io.js';
import { readTextArgument, writeFileArgument } from '../write-file.js';

export interface ComposeTestArgs extends ComposeArgs {
  readonly target: string;
  readonly json?: boolean | undefined;
  readonly junit?: string | undefined;
  readonly against?: string | undefined;
}

const FIXTURE_TIMEOUT_MS = 60_000;

export const composeTestOptions = (y: Argv) =>
  composeOptions(y)
    .positional('target', {
      type: 'string',
      demandOption: true,
      describe: 'Folder with compose.yaml files below it, or one such file',
    })
    .option('json', { type: 'boolean', describe: 'Print {status, passed, failed, results}' })
    .option('junit', { type: 'string', describe: 'Write JUnit XML', requiresArg: true })
    .option('against', {
      type: 'string',
      describe: 'What --json printed in another run: fail where the two differ',
      requiresArg: true,
    })
    .example('$0 compose test fixtures --junit report.xml', 'A suite, for CI');

export async function composeTest(args: ComposeTestArgs, io: CommandIo): Promise<ExitCode> {
  const before = args.against === undefined ? undefined : await readRun(args.against, io);
  const fixtures = await findFixtures(resolve(io.cwd, args.target));
  const project = await composeProject(args, io);
  const registry = await composeRegistry({ ...args, demo: true }, project);
  const results = await withComposeHost(args, io, (host) =>
    runSuite(fixtures, {
      registry,
      timeoutMs: durationMs('timeout', args.timeout) ?? FIXTURE_TIMEOUT_MS,
      signal: io.signal,
      hostOf: (folder, scratch) => {
        const roots = [folder, scratch];
        return { ...host, cwd: folder, readRoots: roots, writeRoots: roots };
      },
      onResult: args.json === true ? undefined : (result) => printResult(result, io),
    }),
  );
  if (args.junit !== undefined) {
    const suite = basename(resolve(io.cwd, args.target));
    await writeFileArgument(args.junit, junitReport(suite, results), io);
  }
  const differences = before === undefined ? [] : diffRuns(before, results);
  return conclude(results, differences, args, io);
}

async function conclude(
  results: readonly FixtureResult[],
  differences: readonly RunDifference[],
  args: ComposeTestArgs,
  io: CommandIo,
): Promise<ExitCode> {
  const failed = results.filter(({ status }) => status === 'failed').length;
  const passed = results.length - failed;
  const ok = failed === 0 && differences.length === 0;
  if (args.json === true) {
    const compared = args.against === undefined ? {} : { differences };
    const document = { status: ok ? 'ok' : 'failed', passed, failed, ...compared, results };
    await io.out(`${JSON.stringify(document, null, 2)}\n`);
  } else {
    for (const { name, kind, details } of differences) {
      const places = details.map(({ path }) => path).join(', ');
      io.err(`${io.errStyle.yellow('differs')} ${printable(name)}: ${kind} at ${places}\n`);
    }
    await io.out(`${passed} passed, ${failed} failed\n`);
  }
  return ok ? EXIT.done : EXIT.failed;
}

function printResult({ name, status, problems }: FixtureResult, io: CommandIo): void {
  const { outStyle: style } = io;
  const word = status === 'passed' ? style.green('ok') : style.red('FAILED');
  const lines = problems.map((problem) => `    ${printable(problem)}\n`).join('');
  void io.out(`${word} ${printable(name)}\n${lines}`);
}

async function readRun(file: string, io: CommandIo): Promise<readonly FixtureResult[]> {
  const text = await readTextArgument(file, io);
  try {
    const { results } = JSON.parse(text) as { readonly results?: unknown };
    if (Array.isArray(results)) return results as readonly FixtureResult[];
  } catch {
    // Said below.
  }
  const reason = 'it is not what flows compose test --json printed';
  throw new DiagnosticError([diagnostic.CLI007({ file, verb: 'read', reason })]);
}

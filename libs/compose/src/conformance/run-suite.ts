// Conformance suites: folders with a compose.yaml that ends with its verdict in the state `report`. Each runs
// in a registry and with a host of its own, with its folder as the working folder; what it writes goes into
// `$globals.scratch`, a folder that is removed afterwards.
import { mkdtemp, readdir, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative, sep } from 'node:path';
import { diagnostic, DiagnosticError, isError, type Diagnostic } from '@basalt/diagnostics';
import type { Value } from '@basalt/ir';
import { isMap } from '../document/plain-values.js';
import { readCompose } from '../document/read-compose.js';
import type { ComposeHost } from '../host/compose-host.js';
import { ComposeError } from '../run/compose-error.js';
import { compileCompose, runCompose } from '../run/compose-run.js';
import type { Registry } from '../run/registry.js';
import type { State } from '../run/state.js';

export interface Fixture {
  /** The way from the folder of the suite, with "/". */
  readonly name: string;
  readonly file: string;
}

export interface FixtureResult {
  readonly name: string;
  readonly status: 'passed' | 'failed';
  readonly duration_ms: number;
  /** The report of the fixture; null where it left none. */
  readonly report: Value;
  /** Why it failed. */
  readonly problems: readonly string[];
}

export interface SuiteOptions {
  readonly registry: Registry;
  /** The host of a fixture, by its folder and a folder of its own that is removed afterwards. */
  readonly hostOf: (folder: string, scratch: string) => ComposeHost;
  /** Milliseconds for one fixture. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Told after each fixture. */
  readonly onResult?: ((result: FixtureResult) => void) | undefined;
}

/** All compose.yaml files below a folder, by name; a file stands for itself. Throws COMP120 where there is
 * none. */
export async function findFixtures(target: string): Promise<readonly Fixture[]> {
  if (target.endsWith('.yaml')) {
    return [{ name: basename(dirname(target)) || basename(target), file: target }];
  }
  const entries = await readdir(target, { recursive: true, withFileTypes: true });
  const fixtures = entries
    .filter((entry) => entry.isFile() && entry.name === 'compose.yaml')
    .map((entry) => {
      const name = relative(target, entry.parentPath).split(sep).join('/');
      return {
        name: name === '' ? basename(target) : name,
        file: join(entry.parentPath, entry.name),
      };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  if (fixtures.length === 0) throw new DiagnosticError([diagnostic.COMP120({ folder: target })]);
  return fixtures;
}

/** Runs fixtures one after the other. Throws only where the whole run is cancelled. */
export async function runSuite(
  fixtures: readonly Fixture[],
  options: SuiteOptions,
): Promise<readonly FixtureResult[]> {
  const results: FixtureResult[] = [];
  for (const fixture of fixtures) {
    options.signal?.throwIfAborted();
    const result = await runFixture(fixture, options);
    options.onResult?.(result);
    results.push(result);
  }
  return results;
}

async function runFixture(fixture: Fixture, options: SuiteOptions): Promise<FixtureResult> {
  const started = performance.now();
  const { report, problems } = await verdict(fixture, options);
  return {
    name: fixture.name,
    status: problems.length === 0 ? 'passed' : 'failed',
    duration_ms: Math.round(performance.now() - started),
    report,
    problems,
  };
}

interface Verdict {
  readonly report: Value;
  readonly problems: readonly string[];
}

async function verdict({ file }: Fixture, options: SuiteOptions): Promise<Verdict> {
  const scratch = await realpath(await mkdtemp(join(tmpdir(), 'flows-fixture-')));
  try {
    const { compose, diagnostics } = readCompose(await readFile(file, 'utf8'), file);
    if (compose === undefined) {
      return { report: null, problems: diagnostics.filter(isError).map(findingText) };
    }
    const host = options.hostOf(await realpath(dirname(file)), scratch);
    const { registry, timeoutMs, signal } = options;
    const globals = { scratch };
    const run = { registry: registry.layer(), host, globals, timeoutMs, signal };
    return judged(await runCompose(compileCompose(compose, file), run));
  } catch (error) {
    options.signal?.throwIfAborted();
    const { code, message, where } = ComposeError.from(error);
    const place = where === undefined ? '' : ` (${where.call} at ${where.step})`;
    return { report: null, problems: [`${code}: ${message}${place}`] };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function judged(state: State): Verdict {
  const { report = null } = state;
  if (!isMap(report) || typeof report['success'] !== 'boolean') {
    return { report, problems: [findingText(diagnostic.COMP119({}))] };
  }
  if (report['success']) return { report, problems: [] };
  const messages = Array.isArray(report['messages']) ? report['messages'].map(String) : [];
  return { report, problems: messages.length === 0 ? ['The report says no success.'] : messages };
}

function findingText({ code, message, location }: Diagnostic): string {
  const place = location?.line === undefined ? '' : ` (line ${location.line})`;
  return `${code}: ${message}${place}`;
}

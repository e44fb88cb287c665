// Nx executor `host-test`: builds the tests of a kernel project (test/*.test.c) and its fuzz targets
// (fuzz/*.fuzz.c) for this machine with the address and undefined behaviour sanitizers, runs them and
// the scripts beside them (test/*.test.mjs, for what takes another build), and leaves their counts where
// the gate sums them. All programs print TAP.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { filesIn, readKernelProjects, withUsed } from './kernel-project.mjs';
import { readTap } from './tap.mjs';
import {
  compileAll,
  ensureToolchain,
  FLAGS,
  includeFlags,
  mapAtOnce,
  runProgram,
} from './toolchain.mjs';

const SANITIZERS = ['-fsanitize=address,undefined', '-fno-sanitize-recover=all'];
/** Inputs of the short fuzz run; the same ones each time. */
const FUZZ_ARGUMENTS = ['-runs=20000', '-seed=1', '-max_len=4096', '-timeout=60'];

/** Builds one program per source in `programs` on top of the objects; throws an Error with what the
 * compiler said. */
async function build(root, folder, programs, objects, flags) {
  const built = await mapAtOnce(programs, async (source) => {
    const program = join(folder, basename(source, '.c'));
    const args = [...flags, source, ...objects, '-o', program];
    return { source, program, ...(await runProgram('clang', args, { cwd: root })) };
  });
  const failed = built.filter(({ status }) => status !== 0);
  if (failed.length > 0) throw new Error(failed.map(({ output }) => output).join('\n'));
  return built;
}

async function compileSources(root, folder, uses, flags) {
  mkdirSync(folder);
  const sources = uses.flatMap((project) => filesIn(root, project, 'src', /\.c$/));
  const pairs = sources.map((source) => ({
    source,
    object: join(folder, `${source.replace(/[/]/g, '-')}.o`),
  }));
  return compileAll(root, pairs, flags);
}

async function runTests(root, folder, uses, flags) {
  const objects = await compileSources(root, join(folder, 'objects'), uses, flags);
  const tests = filesIn(root, uses[0], 'test', /\.test\.c$/);
  const programs = await build(root, folder, tests, objects, flags);
  return mapAtOnce(programs, async ({ source, program }) => {
    const { status, output } = await runProgram(program, [], { cwd: root });
    return { source, output, ...readTap(output, status) };
  });
}

async function runScripts(root, uses) {
  const results = [];
  for (const source of filesIn(root, uses[0], 'test', /\.test\.mjs$/)) {
    const { status, output } = await runProgram(process.execPath, [source], { cwd: root });
    results.push({ source, output, ...readTap(output, status) });
  }
  return results;
}

async function runFuzzers(root, folder, uses, flags) {
  const fuzzers = filesIn(root, uses[0], 'fuzz', /\.fuzz\.c$/);
  if (fuzzers.length === 0) return [];
  const traced = [...flags, '-fsanitize=fuzzer-no-link'];
  const objects = await compileSources(root, join(folder, 'traced'), uses, traced);
  const programs = await build(root, folder, fuzzers, objects, [...flags, '-fsanitize=fuzzer']);
  return mapAtOnce(programs, async ({ source, program }) => {
    const { status, output } = await runProgram(program, FUZZ_ARGUMENTS, { cwd: folder });
    return { source, output, passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1 };
  });
}

function report(root, projectName, results) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const { source, output, passed, failed } of results) {
    counts.passed += passed;
    counts.failed += failed;
    if (failed > 0) console.log(`${source}\n${output.replace(/^ok .*\n/gm, '')}`);
    else console.log(`${source}: ${passed} passed`);
  }
  mkdirSync(join(root, 'dist/test-results'), { recursive: true });
  const file = join(root, 'dist/test-results', `${projectName}.json`);
  writeFileSync(file, `${JSON.stringify(counts)}\n`);
  return counts.failed === 0 && counts.passed > 0;
}

/** The executor. */
export default async function hostTest(_options, context) {
  if (!ensureToolchain(context.root)) return { success: false };
  const folder = mkdtempSync(join(tmpdir(), 'basalt-host-test-'));
  try {
    const { root: projectRoot } = context.projectsConfigurations.projects[context.projectName];
    const uses = withUsed(readKernelProjects(context.root), basename(projectRoot));
    const flags = [...FLAGS, '-g', '-O1', ...SANITIZERS, ...includeFlags(uses)];
    const tests = await runTests(context.root, folder, uses, flags);
    const scripts = await runScripts(context.root, uses);
    const fuzzers = await runFuzzers(context.root, folder, uses, flags);
    const results = [...tests, ...scripts, ...fuzzers];
    return { success: report(context.root, context.projectName, results) };
  } catch (error) {
    console.error(error.message);
    return { success: false };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

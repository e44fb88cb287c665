// The benchmark runner.
//   node tools/bench/run.mjs [CASE...]           measure the working tree
//   node tools/bench/run.mjs --revs A B [CASE...] compare two revisions ("local" is the working tree)
//   node tools/bench/run.mjs --list
// Prints n, median and spread (10th to 90th percentile) of each contender, and the ratio of each peer
// to ours round by round. Numbers are only comparable within one run.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { summarize } from './statistics.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const bench = join(root, 'tools/bench');
const peers = join(bench, 'peers');

const { revs, wanted, list } = parseArgs(process.argv.slice(2));
if (!existsSync(join(peers, 'node_modules'))) {
  console.error('Installing the peers once ...');
  execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: peers, stdio: 'inherit' });
}
const subjects = [];
for (const rev of revs) subjects.push(await prepare(rev));
try {
  await main();
} finally {
  for (const { cleanUp } of subjects) cleanUp();
}

async function main() {
  const cases = JSON.parse(runChild(subjects[0], 'list-cases', []));
  if (list) {
    for (const { name, about } of cases) console.log(`${name.padEnd(20)} ${about}`);
    return;
  }
  const unknown = wanted.filter((name) => !cases.some((c) => c.name === name));
  if (unknown.length > 0) throw new Error(`no case ${unknown.join(', ')}; see --list`);
  for (const { name, about } of cases) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    console.log(`\n${name}: ${about}`);
    const results = subjects.map((s) => ({
      rev: s.rev,
      ...JSON.parse(runChild(s, 'bench-main', [name])),
    }));
    print(results);
  }
}

/** Bundles the bench of the working tree against the libraries of one revision. */
async function prepare(rev) {
  const out = mkdtempSync(join(tmpdir(), 'basalt-bench-'));
  let tree = root;
  if (rev !== 'local') {
    tree = join(out, 'tree');
    execFileSync('git', ['worktree', 'add', '--detach', '--force', tree, rev], {
      cwd: root,
      stdio: 'ignore',
    });
  }
  const alias = Object.fromEntries(
    readdirSync(join(tree, 'libs')).map((lib) => [
      `@basalt/${lib}`,
      join(tree, 'libs', lib, 'src/index.ts'),
    ]),
  );
  mkdirSync(join(bench, 'dist'), { recursive: true });
  const target = mkdtempSync(join(bench, 'dist/subject-'));
  await build({
    entryPoints: ['bench-main', 'list-cases', 'http-echo-server', 'sse-server', 'sse-crowd'].map(
      (name) => join(bench, `src/${name}.ts`),
    ),
    outdir: target,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    alias,
    mainFields: ['module', 'main'],
    nodePaths: [join(root, 'node_modules')],
    external: [
      ...['lmdb', 'elkjs', 'esbuild', 'bullmq', 'ioredis'],
      ...['quickjs-emscripten-core', '@jitl/quickjs-wasmfile-release-sync'],
    ],
    banner: {
      js: "import { createRequire as __cr } from 'node:module'; const require = __cr(import.meta.url);",
    },
    logLevel: 'error',
  });
  const cleanUp = () => {
    if (tree !== root) execFileSync('git', ['worktree', 'remove', '--force', tree], { cwd: root });
    rmSync(out, { recursive: true, force: true });
    rmSync(target, { recursive: true, force: true });
  };
  return { rev, target, cleanUp };
}

function runChild(subject, entry, args) {
  const { status, stdout } = spawnSync(
    process.execPath,
    ['--expose-gc', join(subject.target, `${entry}.mjs`), ...args],
    {
      cwd: root,
      env: { ...process.env, BASALT_BENCH_PEERS: peers, BASALT_ROOT: root },
      stdio: ['ignore', 'pipe', 'inherit'],
      maxBuffer: 1 << 28,
      encoding: 'utf8',
    },
  );
  if (status !== 0) throw new Error(`${entry} ${args.join(' ')} failed (${subject.rev})`);
  return stdout;
}

function print(results) {
  if (results[0].lines) {
    for (const { rev, lines } of results)
      for (const line of lines) console.log(`  ${rev}: ${line}`);
    return;
  }
  const rows = results.flatMap(({ rev, measured }) => measured.map((m) => ({ rev, ...m })));
  const base = rows[0];
  const { operation } = results[0];
  console.log(
    `  ${'contender'.padEnd(34)} ${'n'.padStart(4)} ${`median/${operation}`.padStart(14)} ${'spread'.padStart(22)}   ratio to the first`,
  );
  for (const row of rows) {
    const own = summarize(row.samples);
    const ratio = summarize(row.samples.map((sample, i) => sample / base.samples[i]));
    const name = results.length > 1 ? `${row.name} @ ${row.rev}` : row.name;
    console.log(
      `  ${name.padEnd(34)} ${String(own.n).padStart(4)} ${time(own.median).padStart(14)} ${`${time(own.low)} - ${time(own.high)}`.padStart(22)}   ${row === base ? '1' : `${ratio.median.toFixed(2)} (${ratio.low.toFixed(2)} - ${ratio.high.toFixed(2)})`}`,
    );
  }
}

function time(ns) {
  if (ns < 1e3) return `${ns.toFixed(0)} ns`;
  if (ns < 1e6) return `${(ns / 1e3).toFixed(2)} us`;
  return `${(ns / 1e6).toFixed(2)} ms`;
}

function parseArgs(args) {
  const at = args.indexOf('--revs');
  const chosen = at < 0 ? ['local'] : args.splice(at, 3).slice(1);
  if (chosen.length === 0 || chosen.some((r) => r === undefined))
    throw new Error('--revs takes two revisions');
  return {
    revs: chosen,
    list: args.includes('--list'),
    wanted: args.filter((a) => !a.startsWith('--')),
  };
}

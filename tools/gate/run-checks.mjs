// `npm test`: the whole check of this workspace. Runs every step, prints what failed again at the
// end, and closes with one plain line that counts what really ran.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const results = join(root, 'dist/test-results');
const nx = ['node_modules/nx/dist/bin/nx.js', 'run-many', '--output-style=static', '-t'];

/** Each step is one command of this Node; `counted` steps leave their own counts behind. */
const STEPS = [
  {
    name: 'format',
    args: ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level=warn', '.'],
  },
  { name: 'lint', args: [...nx, 'lint'] },
  { name: 'typecheck', args: [...nx, 'typecheck'] },
  { name: 'build', args: [...nx, 'build'] },
  { name: 'generated files', args: [...nx, 'generate-check'] },
  { name: 'tests', args: [...nx, 'test', 'boot'], counted: true },
];

function runStep(step) {
  console.log(`\n== ${step.name}`);
  const started = Date.now();
  const { status } = spawnSync(process.execPath, step.args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, NX_DAEMON: 'false', NX_TUI: 'false', FORCE_COLOR: '0' },
  });
  console.log(
    `== ${step.name}: ${status === 0 ? 'passed' : 'FAILED'} in ${Math.round((Date.now() - started) / 1000)} s`,
  );
  return status === 0;
}

/** Sums the counts that the test runs of the projects wrote (Nx restores them with a cached run). */
function testCounts() {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const file of readdirSync(results)) {
    const counts = JSON.parse(readFileSync(join(results, file), 'utf8'));
    for (const key of Object.keys(total)) total[key] += counts[key];
  }
  return total;
}

rmSync(results, { recursive: true, force: true });
const outcomes = STEPS.map((step) => ({ step, ok: runStep(step) }));
const total = testCounts();
for (const { step, ok } of outcomes) {
  if (!step.counted) total[ok ? 'passed' : 'failed'] += 1;
  else if (!ok && total.failed === 0) total.failed += 1;
}
for (const { step, ok } of outcomes) if (!ok) console.log(`failed step: ${step.name}`);
const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
console.log(`${total.passed} passed, ${total.failed} failed${skipped}`);
process.exitCode = total.failed === 0 ? 0 : 1;

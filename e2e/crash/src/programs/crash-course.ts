// The long course: node crash-course.mjs PROJECT [--kills N] [--seed N] [--backend embedded|redis|all]
// [--json FILE]. Says how far it is, and ends with 1 where anything was lost or repeated.
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { crashRun, type CrashOptions, type CrashReport } from '../crash-run.js';
import { isClean, reportText } from '../crash-report.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    kills: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    backend: { type: 'string', default: 'all' },
    json: { type: 'string' },
  },
});
const kills = Number(values.kills);
const seed = Number(values.seed);
if (!Number.isSafeInteger(kills) || kills < 1 || !Number.isSafeInteger(seed)) {
  throw new Error('--kills takes a whole number of at least 1, --seed a whole number');
}
const backends = (['embedded', 'redis'] as const).filter(
  (backend) => values.backend === 'all' || values.backend === backend,
);
if (backends.length === 0) throw new Error('--backend takes embedded, redis or all');

const say = (text: string) => void process.stderr.write(text);
const reports: CrashReport[] = [];
for (const [i, backend] of backends.entries()) {
  const share =
    Math.floor((kills * (i + 1)) / backends.length) - Math.floor((kills * i) / backends.length);
  const options: CrashOptions = {
    project: positionals[0]!,
    backend,
    seed,
    kills: share,
    onKill: (killed) => {
      if (killed % 25 === 0) say(`${backend}: ${killed} of ${share} kills\n`);
    },
  };
  const report = await crashRun(options);
  reports.push(report);
  process.stdout.write(reportText(report));
}
if (values.json !== undefined) await writeFile(values.json, JSON.stringify(reports, undefined, 2));
process.exitCode = reports.every(isClean) ? 0 : 1;

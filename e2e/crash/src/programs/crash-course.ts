// The long course: node crash-course.mjs PROJECT [--kills N] [--seed N] [--kind KIND|all] [--json FILE].
// Says how far it is, and ends with 1 where anything was lost or repeated.
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { COURSES, crashRun, type CourseKind, type CrashReport } from '../crash-run.js';
import { isClean, reportText } from '../crash-report.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    kills: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    kind: { type: 'string', default: 'all' },
    json: { type: 'string' },
  },
});
const kills = Number(values.kills);
const seed = Number(values.seed);
if (!Number.isSafeInteger(kills) || kills < 1 || !Number.isSafeInteger(seed)) {
  throw new Error('--kills takes a whole number of at least 1, --seed a whole number');
}
const all = Object.keys(COURSES) as CourseKind[];
const kinds = all.filter((kind) => values.kind === 'all' || values.kind === kind);
if (kinds.length === 0) throw new Error(`--kind takes all, or one of ${all.join(', ')}`);

const say = (text: string) => void process.stderr.write(text);
const reports: CrashReport[] = [];
for (const [i, kind] of kinds.entries()) {
  const share =
    Math.floor((kills * (i + 1)) / kinds.length) - Math.floor((kills * i) / kinds.length);
  if (share === 0) continue;
  const onKill = (killed: number) => {
    if (killed % 25 === 0) say(`${kind}: ${killed} of ${share} kills\n`);
  };
  const report = await crashRun({ project: positionals[0]!, kind, seed, kills: share, onKill });
  reports.push(report);
  process.stdout.write(reportText(report));
}
if (values.json !== undefined) await writeFile(values.json, JSON.stringify(reports, undefined, 2));
process.exitCode = reports.every(isClean) ? 0 : 1;

// The long course: node crash-course.mjs PROJECT [--kills N] [--seed N] [--kind KIND|all] [--at-once N]
// [--json FILE]. Says how far it is, and ends with 1 where anything was lost or repeated.
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { COURSES, crashRun, type CourseKind, type CrashReport } from '../crash-run.js';
import { isClean, reportText, sumText } from '../crash-report.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    kills: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    kind: { type: 'string', default: 'all' },
    'at-once': { type: 'string', default: '1' },
    json: { type: 'string' },
  },
});
const [kills, seed, atOnce] = [values.kills, values.seed, values['at-once']].map(Number) as [
  number,
  number,
  number,
];
const isCount = (n: number) => Number.isSafeInteger(n) && n >= 1;
if (!isCount(kills) || !isCount(atOnce) || !Number.isSafeInteger(seed)) {
  throw new Error('--kills and --at-once take a number of at least 1, --seed a whole number');
}
const all = Object.keys(COURSES) as CourseKind[];
const kinds = all.filter((kind) => values.kind === 'all' || values.kind === kind);
if (kinds.length === 0) throw new Error(`--kind takes all, or one of ${all.join(', ')}`);

const shares = kinds.map((kind, i) => ({
  kind,
  kills: Math.floor((kills * (i + 1)) / kinds.length) - Math.floor((kills * i) / kinds.length),
}));
const waiting = shares.filter((share) => share.kills > 0);
const reports: CrashReport[] = [];
const ends: (() => Promise<void>)[] = [];
let isInterrupted = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    isInterrupted = true;
    void Promise.allSettled(ends.map((end) => end())).then(() => process.exit(130));
  });
}

async function makeCourses(): Promise<void> {
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const { kind, kills: share } = next;
    const onKill = (killed: number) => {
      if (killed % 25 === 0) process.stderr.write(`${kind}: ${killed} of ${share} kills\n`);
    };
    const report = await crashRun({
      ...{ project: positionals[0]!, kind, seed, kills: share, onKill },
      onStart: (end) => ends.push(end),
    });
    reports.push(report);
    process.stdout.write(reportText(report));
  }
}

await Promise.all(Array.from({ length: atOnce }, makeCourses)).catch((error: unknown) => {
  // What was started is being ended, and then this process.
  if (isInterrupted) return new Promise(() => undefined);
  throw error;
});
process.stdout.write(sumText(reports));
if (values.json !== undefined) await writeFile(values.json, JSON.stringify(reports, undefined, 2));
process.exitCode = reports.every(isClean) ? 0 : 1;

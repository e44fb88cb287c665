// One course of kills: work comes in and is done while processes and servers are killed at random
// instants; then everything is left in peace until it has come to its end, and is judged.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundlePrograms } from './child-programs.js';
import { CourseClock, FARTHEST_MS } from './course-clock.js';
import type { Settled, Stage, StageSetting } from './crash-stage.js';
import { startEffectLedger } from './effect-ledger.js';
import { httpStage } from './http-stage.js';
import { killAtRandom, type KillOptions } from './kill-at-random.js';
import { queueStage } from './queue-stage.js';
import type { Role } from './respawned.js';

interface Course {
  readonly stage: (setting: StageSetting) => Promise<Stage>;
  /** Programs that take long to start are left alone for longer. */
  readonly mostMs?: number;
  /** The wall clock of all programs jumps. */
  readonly jumps?: boolean;
}

/** What there is, by name. */
export const COURSES = {
  embedded: { stage: (setting) => queueStage('embedded', setting) },
  redis: { stage: (setting) => queueStage('redis', setting) },
  http: { stage: httpStage, mostMs: 500 },
  restate: { stage: (setting) => queueStage('restate', setting), mostMs: 2_000 },
  'embedded-clocks': { stage: (setting) => queueStage('embedded', setting), jumps: true },
  'redis-clocks': { stage: (setting) => queueStage('redis', setting), jumps: true },
} as const satisfies Record<string, Course>;

export type CourseKind = keyof typeof COURSES;

export interface CrashOptions {
  /** The folder of this project. */
  readonly project: string;
  readonly kind: CourseKind;
  readonly seed: number;
  readonly kills: number;
  readonly onKill?: (kills: number) => void;
  /** Told how the course is ended before its time: everything that was started is. */
  readonly onStart?: (end: () => Promise<void>) => void;
}

export interface CrashReport extends Settled {
  readonly kind: CourseKind;
  readonly seed: number;
  readonly kills: Readonly<Partial<Record<Role, number>>>;
  /** Of the wall clock. */
  readonly jumps: number;
  /** Calls that reached the ledger: effects, and repetitions under the same key. */
  readonly calls: number;
  /** What processes said about connections and stores, and how often. */
  readonly faults: Readonly<Record<string, number>>;
  /** Processes that ended although nobody killed them. */
  readonly endedByThemselves: readonly string[];
  readonly seconds: number;
}

const PROGRAMS = ['crash-worker', 'crash-producer', 'jumping-clock'];
const FAULTS = { refused: 0.04, lost: 0.04, delayMs: 20 };

/** Runs one course. @throws Error when it hangs. */
export async function crashRun(options: CrashOptions): Promise<CrashReport> {
  const { project, kind, seed } = options;
  const closers: (() => Promise<void>)[] = [];
  const onEnd = (close: () => Promise<void>) => void closers.push(close);
  const end = async () => {
    for (let close = closers.pop(); close !== undefined; close = closers.pop()) await close();
  };
  options.onStart?.(end);
  try {
    const programs = await bundlePrograms(project, PROGRAMS);
    const ledger = await startEffectLedger(seed, FAULTS);
    onEnd(() => ledger.close());
    const above = await mkdtemp(join(tmpdir(), 'basalt-crash-'));
    onEnd(() => rm(above, { recursive: true, force: true }));
    const [folder, blobs] = [join(above, 'kept'), join(above, 'blobs')];
    await mkdir(folder);
    const course: Course = COURSES[kind];
    const clock = course.jumps === true ? await CourseClock.of(programs) : undefined;
    const noted = notes();
    const setting: StageSetting = {
      ...{ programs, project, ledger, folder, blobs, onEnd, watch: noted.watch },
      ledgerUrl: ledger.url,
      nodeOptions: clock?.nodeOptions ?? [],
      series: `s${seed}`,
    };
    // Ends before what it works on does.
    onEnd(() => programs.cleanUp());
    const started = performance.now();
    const stage = await course.stage(setting);
    const { endedByThemselves } = noted;
    const pace = { ...options, mostMs: course.mostMs };
    const kills = await killed({ options: pace, stage, clock, endedByThemselves });
    // Whatever was to happen at some time has its time now.
    await clock?.set(2 * FARTHEST_MS);
    const settled = await stage.settle();
    const seconds = Math.round((performance.now() - started) / 1000);
    const { faults } = noted;
    const calls = ledger.calls();
    const jumps = clock?.jumps ?? 0;
    return { kind, seed, kills, jumps, ...settled, calls, faults, endedByThemselves, seconds };
  } finally {
    await end();
  }
}

/** What processes say of themselves. */
function notes() {
  const faults: Record<string, number> = {};
  const endedByThemselves: string[] = [];
  const watch = {
    fault: (text: string) => void (faults[text] = (faults[text] ?? 0) + 1),
    endedByItself: (role: Role, status: number | undefined, said: string) =>
      void endedByThemselves.push(`${role} with status ${status}: ${said}`),
  };
  return { faults, endedByThemselves, watch };
}

interface Killing {
  readonly options: KillOptions & Pick<CrashOptions, 'onKill'>;
  readonly stage: Stage;
  readonly clock: CourseClock | undefined;
  readonly endedByThemselves: readonly string[];
}

async function killed(killing: Killing): Promise<CrashReport['kills']> {
  const { options, stage, clock, endedByThemselves } = killing;
  const counts: Partial<Record<Role, number>> = {};
  let all = 0;
  await killAtRandom(options, stage.targets, async (role, chance) => {
    if (endedByThemselves.length > 0) throw new Error(`A process ended: ${endedByThemselves[0]}`);
    counts[role] = (counts[role] ?? 0) + 1;
    options.onKill?.((all += 1));
    if (clock !== undefined && chance.next() < 0.5) await clock.jump(chance);
  });
  return counts;
}

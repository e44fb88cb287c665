// One course of kills: work comes in and is done while processes and servers are killed at random
// instants; then everything is left in peace until it has come to its end, and is judged.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundlePrograms } from './child-programs.js';
import type { Settled, Stage, StageSetting } from './crash-stage.js';
import { startEffectLedger } from './effect-ledger.js';
import { httpStage } from './http-stage.js';
import { killAtRandom } from './kill-at-random.js';
import { queueStage } from './queue-stage.js';
import type { Role } from './respawned.js';

export const STAGES = {
  embedded: (setting: StageSetting) => queueStage('embedded', setting),
  redis: (setting: StageSetting) => queueStage('redis', setting),
  http: httpStage,
  restate: (setting: StageSetting) => queueStage('restate', setting),
} as const satisfies Record<string, (setting: StageSetting) => Promise<Stage>>;

export type CourseKind = keyof typeof STAGES;

export interface CrashOptions {
  /** The folder of this project. */
  readonly project: string;
  readonly kind: CourseKind;
  readonly seed: number;
  readonly kills: number;
  readonly onKill?: (kills: number) => void;
}

export interface CrashReport extends Settled {
  readonly kind: CourseKind;
  readonly seed: number;
  readonly kills: Readonly<Partial<Record<Role, number>>>;
  /** Calls that reached the ledger: effects, and repetitions under the same key. */
  readonly calls: number;
  /** What processes said about connections and stores, and how often. */
  readonly faults: Readonly<Record<string, number>>;
  /** Processes that ended although nobody killed them. */
  readonly endedByThemselves: readonly string[];
  readonly seconds: number;
}

const FAULTS = { refused: 0.04, lost: 0.04, delayMs: 20 };

/** Runs one course. @throws Error when it hangs. */
export async function crashRun(options: CrashOptions): Promise<CrashReport> {
  const { project, kind, seed } = options;
  const closers: (() => Promise<void>)[] = [];
  const onEnd = (close: () => Promise<void>) => void closers.push(close);
  try {
    const programs = await bundlePrograms(project, ['crash-worker', 'crash-producer']);
    const ledger = await startEffectLedger(seed, FAULTS);
    onEnd(() => ledger.close());
    const above = await mkdtemp(join(tmpdir(), 'basalt-crash-'));
    onEnd(() => rm(above, { recursive: true, force: true }));
    const [folder, blobs] = [join(above, 'kept'), join(above, 'blobs')];
    await mkdir(folder);
    const noted = notes();
    const setting: StageSetting = {
      ...{ programs, project, ledger, folder, blobs, onEnd, watch: noted.watch },
      ledgerUrl: ledger.url,
      nodeOptions: [],
      series: `s${seed}`,
    };
    // Ends before what it works on does.
    onEnd(() => programs.cleanUp());
    const started = performance.now();
    const stage = await STAGES[kind](setting);
    const kills = await killed(options, stage, noted.endedByThemselves);
    const settled = await stage.settle();
    const seconds = Math.round((performance.now() - started) / 1000);
    const { faults, endedByThemselves } = noted;
    const calls = ledger.calls();
    return { kind, seed, kills, ...settled, calls, faults, endedByThemselves, seconds };
  } finally {
    for (const close of closers.reverse()) await close();
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

async function killed(
  options: CrashOptions,
  { targets }: Stage,
  endedByThemselves: readonly string[],
): Promise<CrashReport['kills']> {
  const counts: Partial<Record<Role, number>> = {};
  let all = 0;
  await killAtRandom(options, targets, (role) => {
    if (endedByThemselves.length > 0) throw new Error(`A process ended: ${endedByThemselves[0]}`);
    counts[role] = (counts[role] ?? 0) + 1;
    options.onKill?.((all += 1));
  });
  return counts;
}

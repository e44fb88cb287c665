// One course of kills: jobs come in and are executed while a worker, the producer or the Redis server is
// killed at random instants; then everything is left in peace until the queue is empty, and judged.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startRedisServer, type RedisServer } from '@basalt/test-servers';
import { bundlePrograms, type ChildPrograms } from './child-programs.js';
import { crashJob, type CrashJob } from './crash-jobs.js';
import { openPlace, type CrashPlace, type OpenPlace } from './crash-place.js';
import { redisTarget, startTargets, type Role, type Target } from './crash-processes.js';
import { startEffectLedger, type EffectLedger } from './effect-ledger.js';
import { EventOperator } from './event-operator.js';
import { judgeCrash, type Verdict } from './judge-crash.js';
import { SeededChance } from './seeded-chance.js';

export interface CrashOptions {
  /** The folder of this project. */
  readonly project: string;
  readonly backend: 'embedded' | 'redis';
  readonly seed: number;
  readonly kills: number;
  /** 2 when absent. */
  readonly workers?: number;
  readonly onKill?: (kills: number) => void;
}

export interface CrashReport extends Verdict {
  readonly backend: string;
  readonly seed: number;
  readonly kills: Readonly<Record<Role, number>>;
  readonly jobs: number;
  /** Calls that reached the ledger: effects, and repetitions under the same key. */
  readonly calls: number;
  /** What processes said about connections and stores, and how often. */
  readonly faults: Readonly<Record<string, number>>;
  /** Processes that ended although nobody killed them. */
  readonly endedByThemselves: readonly string[];
  readonly seconds: number;
}

const FAULTS = { refused: 0.04, lost: 0.04, delayMs: 20 };
/** Without an effect or an ended job for so long, a course hangs; milliseconds. */
const HANG_MS = 60_000;
const DURABLE = ['--appendonly', 'yes', '--appendfsync', 'always'];

/** Runs one course. @throws Error when it hangs. */
export async function crashRun(options: CrashOptions): Promise<CrashReport> {
  const closers: (() => Promise<void>)[] = [];
  try {
    const programs = await bundlePrograms(options.project, ['crash-worker', 'crash-producer']);
    closers.push(() => programs.cleanUp());
    const ledger = await startEffectLedger(options.seed, FAULTS);
    closers.push(() => ledger.close());
    const folder = await mkdtemp(join(tmpdir(), 'basalt-crash-'));
    closers.push(() => rm(folder, { recursive: true, force: true }));
    const redis =
      options.backend === 'redis' ? await startRedisServer({ args: DURABLE }) : undefined;
    closers.push(async () => redis?.stop());
    const place: CrashPlace =
      redis === undefined ? { backend: 'embedded', folder } : { backend: 'redis', url: redis.url };
    const open = await openPlace(place, () => undefined);
    closers.push(() => open.close());
    return await course(options, { programs, ledger, redis, place, open });
  } finally {
    for (const close of closers.reverse()) await close();
  }
}

interface Course {
  readonly programs: ChildPrograms;
  readonly ledger: EffectLedger;
  readonly redis: RedisServer | undefined;
  readonly place: CrashPlace;
  readonly open: OpenPlace;
}

async function course(options: CrashOptions, given: Course): Promise<CrashReport> {
  const { programs, ledger, redis, open } = given;
  const started = performance.now();
  const faults: Record<string, number> = {};
  const endedByThemselves: string[] = [];
  const watch = {
    fault: (text: string) => void (faults[text] = (faults[text] ?? 0) + 1),
    endedByItself: (role: Role, status: number | undefined) =>
      void endedByThemselves.push(`${role} with status ${status}`),
  };
  const series = `s${options.seed}`;
  const place = JSON.stringify(given.place);
  const { url } = ledger;
  const operator = new EventOperator(open);
  const jobs: CrashJob[] = [];
  const intake = {
    added: 0,
    take(added: number) {
      intake.added = added;
      while (jobs.length < added) {
        const job = crashJob(jobs.length, series, url);
        jobs.push(job);
        operator.add(job);
      }
    },
  };
  const ledgerPort = Number(new URL(url).port);
  const { workers, producer } = startTargets(
    programs,
    { place, ledgerPort, series, url, workers: options.workers ?? 2 },
    watch,
    intake,
  );
  const counts: Record<Role, number> = { worker: 0, producer: 0, redis: 0 };
  const targets = [...workers, producer, ...(redis === undefined ? [] : [redisTarget(redis)])];
  await killAtRandom(options, targets, (role) => {
    if (endedByThemselves.length > 0) throw new Error(`A process ended: ${endedByThemselves[0]}`);
    counts[role] += 1;
    options.onKill?.(counts.worker + counts.producer + counts.redis);
  });
  await producer.kill();
  // What the last producer may or may not have added is added for certain.
  const end = intake.added + 3;
  const last = programs.start('crash-producer', [place, series, url, `${intake.added}`, `${end}`]);
  await last.ended;
  intake.take(end);
  await drain(open, operator, ledger, jobs);
  await operator.close();
  const verdict = await judgeCrash(jobs, open, ledger.entries());
  for (const worker of workers) await worker.kill();
  const seconds = Math.round((performance.now() - started) / 1000);
  const { backend, seed } = options;
  const shared = { kills: counts, jobs: jobs.length, calls: ledger.calls(), faults };
  return { backend, seed, ...shared, ...verdict, endedByThemselves, seconds };
}

/** Kills one target after another, each at a random instant of its work; one in eight while it starts,
 * and one in eight together with the next. */
async function killAtRandom(
  { seed, kills }: CrashOptions,
  targets: readonly Target[],
  onKill: (role: Role) => void,
): Promise<void> {
  const chance = new SeededChance(seed);
  let killed = 0;
  while (killed < kills) {
    const first = chance.pick(targets);
    const both = chance.next() < 0.125 && killed + 1 < kills;
    const second = both ? chance.pick(targets.filter((target) => target !== first)) : undefined;
    const doomed = second === undefined ? [first] : [first, second];
    if (chance.next() >= 0.125) await Promise.all(doomed.map(({ ready }) => ready));
    await delay(chance.between(0, 160));
    await Promise.all(doomed.map((target) => target.kill()));
    for (const target of doomed) {
      await target.again();
      killed += 1;
      onKill(target.role);
    }
  }
}

/** Waits until every job has ended. */
async function drain(
  open: OpenPlace,
  operator: EventOperator,
  ledger: EffectLedger,
  jobs: readonly CrashJob[],
): Promise<void> {
  let seen = '';
  let since = performance.now();
  for (;;) {
    const { counts, totals } = await open.queue.status();
    const left = counts.ready + counts.delayed + counts.active + counts.parked;
    if (left === 0 && operator.open === 0) return;
    const now = `${ledger.calls()} ${totals.done} ${totals.dead}`;
    if (now !== seen) since = performance.now();
    seen = now;
    if (performance.now() - since > HANG_MS) throw new Error(await describeHang(open, jobs));
    await delay(50);
  }
}

/** Which jobs do not end, and how far their runs have come. */
async function describeHang(
  { queue, journal }: OpenPlace,
  jobs: readonly CrashJob[],
): Promise<string> {
  const lines = ['The course hangs.'];
  for (const { job, expected } of jobs) {
    const state = (await queue.find(job.id))?.state;
    if (state === undefined || state === 'done' || (state === 'dead' && expected.dies)) continue;
    const letter = await queue.dead.show(job.id);
    const run = await journal.info(job.id);
    const records = run === undefined ? [] : await journal.records(job.id);
    const kinds = records.map((r) => ('alias' in r ? `${r.kind}:${r.alias}` : r.kind)).join(' ');
    const reason = letter === undefined ? '' : ` (${letter.reason.code} ${letter.reason.message})`;
    lines.push(`${expected.flow} ${job.id} is ${state}${reason}; run ${run?.status}: ${kinds}`);
  }
  return lines.join('\n');
}

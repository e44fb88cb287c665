// A queue on one of the backends: a producer, workers and the server are killed.
import { setTimeout as delay } from 'node:timers/promises';
import type { QueueStatus } from '@basalt/queue';
import { startRedisServer, startRestateServer } from '@basalt/test-servers';
import { crashJob, type CrashJob } from './crash-jobs.js';
import { openPlace, type Backend, type CrashPlace, type OpenPlace } from './crash-place.js';
import { PULLING, ownWorker, producer, realWorker } from './crash-programs.js';
import type { Settled, Stage, StageSetting } from './crash-stage.js';
import { describeHang } from './describe-hang.js';
import type { EffectLedger } from './effect-ledger.js';
import { EventOperator } from './event-operator.js';
import { judgeJobs } from './judge-jobs.js';
import { Respawned, type Program, type Target } from './respawned.js';
import { steadyPort } from './steady-port.js';

/** Without an effect or an ended job for so long, a course hangs; milliseconds. */
const HANG_MS = 90_000;
const DURABLE = ['--appendonly', 'yes', '--appendfsync', 'always'];

/** Starts the processes. */
export async function queueStage(backend: Backend, setting: StageSetting): Promise<Stage> {
  const { series, watch, onEnd, ledger } = setting;
  const { place, server } = await startServer(backend, setting);
  const open = await openPlace(place, () => undefined);
  onEnd(() => open.close());
  const operator = new EventOperator();
  onEnd(() => operator.close());
  const jobs: CrashJob[] = [];
  const takeIn = (added: number) => {
    while (jobs.length < added) {
      const crash = crashJob(jobs.length, series, ledger.url, backend);
      jobs.push(crash);
      const { event } = crash.expected;
      if (event === undefined || open.journal === undefined) continue;
      const { id } = crash.job;
      operator.give(open.queue, open.journal, { runId: id, correlation: id, event });
    }
  };
  const producing = new Respawned(
    producer(setting, place, series, () => jobs.length, takeIn),
    watch,
  );
  const programs = await workersOf(setting, place);
  const workers = programs.map((program) => new Respawned(program, watch));
  const settle = async (): Promise<Settled> => {
    await producing.kill();
    // What the last producer may or may not have added is added for certain.
    const end = jobs.length + 3;
    const last = [JSON.stringify(place), series, ledger.url, `${jobs.length}`, `${end}`];
    await setting.programs.start('crash-producer', last).ended;
    takeIn(end);
    await drain(open, operator, ledger, jobs);
    await operator.close();
    const verdict = await judgeJobs(jobs, open, ledger.entries());
    for (const worker of workers) await worker.kill();
    return { ...verdict, jobs: jobs.length };
  };
  return { targets: [...workers, producing, ...server], settle };
}

async function startServer(
  backend: Backend,
  { folder, onEnd }: StageSetting,
): Promise<{ readonly place: CrashPlace; readonly server: readonly Target[] }> {
  switch (backend) {
    case 'embedded':
      return { place: { backend, folder }, server: [] };
    case 'redis': {
      const redis = await startRedisServer({ args: DURABLE });
      onEnd(() => redis.stop());
      return { place: { backend, url: redis.url }, server: [targetOf('redis', redis)] };
    }
    case 'restate': {
      const restate = await startRestateServer();
      onEnd(() => restate.stop());
      const { ingressUrl, adminUrl } = restate;
      const server = [targetOf('restate', restate)];
      return { place: { backend, ingressUrl, adminUrl }, server };
    }
    default:
      return backend satisfies never;
  }
}

interface Server {
  kill(): Promise<void>;
  start(): Promise<void>;
}

function targetOf(role: 'redis' | 'restate', server: Server): Target {
  return {
    role,
    ready: Promise.resolve(),
    kill: () => server.kill(),
    again: () => server.start(),
  };
}

/** One of the suite's own, and the real one. Restate has one address for all workers of a queue, and what
 * it has begun there goes on there. */
async function workersOf(setting: StageSetting, place: CrashPlace): Promise<readonly Program[]> {
  if (place.backend !== 'restate') {
    return [ownWorker(setting, place), realWorker(setting, place, PULLING)];
  }
  const listen = `127.0.0.1:${await steadyPort()}`;
  return [realWorker(setting, place, ['--listen', listen])];
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
    if (left === 0 && operator.open === 0 && knowsAll(open, totals, jobs.length)) return;
    const now = `${ledger.calls()} ${totals.done} ${totals.dead}`;
    if (now !== seen) since = performance.now();
    seen = now;
    if (performance.now() - since > HANG_MS) throw new Error(await describeHang(open, jobs));
    await delay(50);
  }
}

/** A Restate server that has just been started knows less than what it has taken in. */
function knowsAll(
  { journal }: OpenPlace,
  { done, dead }: QueueStatus['totals'],
  jobs: number,
): boolean {
  return journal !== undefined || done + dead >= jobs;
}

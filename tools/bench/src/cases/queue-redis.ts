// Throughput of the queue in Redis against raw BullMQ: the same Redis, the same number of jobs with the
// same payload, a handler that does nothing, 50 deliveries at a time. Jobs are enqueued before the
// clock starts. Beside rates, which on a small machine also hold what Redis takes, stands the CPU time
// of the worker's process.
import { openRedisQueue } from '@basalt/queue';
import { startRedisServer } from '@basalt/test-servers';
import { Queue, Worker } from 'bullmq';
import { randomUUID } from 'node:crypto';
import type { ReportCase } from '../bench-case.js';

const JOBS = 10_000;
const CONCURRENCY = 50;
const ROUNDS = 9;
const WARM_UP_ROUNDS = 2;
const BATCH = 1_000;
const PAYLOAD = { order: 4711, customer: 'c-1024', lines: [{ sku: 'a', n: 1 }] };

interface Round {
  readonly jobsPerSecond: number;
  /** CPU time of this process for one job, in microseconds. */
  readonly cpuUs: number;
}

type Contender = (url: string) => Promise<Round>;

const contenders: Readonly<Record<string, Contender>> = { 'raw BullMQ': runBullmq, ours: runOurs };

export const queueRedis: ReportCase = {
  name: 'queue-redis',
  about: `jobs through Redis against raw BullMQ, ${CONCURRENCY} at a time, handler without work`,
  async report() {
    const rounds: Record<string, Round>[] = [];
    for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round += 1) {
      const results: Record<string, Round> = {};
      // In turn, and in both orders, so that neither always comes second.
      const names = Object.keys(contenders);
      for (const name of round % 2 === 0 ? names : names.reverse()) {
        results[name] = await onEmptyServer(contenders[name]!);
      }
      if (round >= 0) rounds.push(results);
    }
    return linesOf(rounds);
  },
};

/** A server of its own, so that no round pays for what another has left. */
async function onEmptyServer(contender: Contender): Promise<Round> {
  const redis = await startRedisServer();
  try {
    return await contender(redis.url);
  } finally {
    await redis.stop();
  }
}

async function runBullmq(url: string): Promise<Round> {
  const connection = { url, maxRetriesPerRequest: null };
  const name = randomUUID();
  const queue = new Queue(name, { connection });
  for (let n = 0; n < JOBS; n += BATCH) {
    await queue.addBulk(Array.from({ length: BATCH }, () => ({ name: 'flow', data: PAYLOAD })));
  }
  let worker: Worker | undefined;
  const round = await timed(async (isDone) => {
    worker = new Worker(name, async () => isDone(), { connection, concurrency: CONCURRENCY });
  });
  await worker!.close();
  await queue.close();
  return round;
}

async function runOurs(url: string): Promise<Round> {
  const queue = await openRedisQueue({ queue: randomUUID(), url });
  const job = { flow: 'f', flowName: 'orders', payload: PAYLOAD };
  for (let n = 0; n < JOBS; n += BATCH) {
    await queue.enqueue(Array.from({ length: BATCH }, () => job));
  }
  const round = await timed(async (isDone) => {
    queue.work(
      async () => {
        isDone();
        return { kind: 'done' };
      },
      { concurrency: CONCURRENCY },
    );
  });
  await queue.close();
  const { counts, totals } = await openRedisQueue({ queue: queue.queue, url }).then(async (again) =>
    again.status().finally(() => again.close()),
  );
  if (totals.done !== JOBS || counts.ready !== 0) throw new Error('a job was not done');
  return round;
}

/** Times from the start of a worker until its handler has been called for every job. */
async function timed(start: (isDone: () => void) => Promise<void>): Promise<Round> {
  let left = JOBS;
  let finish!: () => void;
  const finished = new Promise<void>((resolve) => (finish = resolve));
  const cpu = process.cpuUsage();
  const begun = performance.now();
  await start(() => {
    left -= 1;
    if (left === 0) finish();
  });
  await finished;
  const ms = performance.now() - begun;
  const { user, system } = process.cpuUsage(cpu);
  return { jobsPerSecond: JOBS / (ms / 1_000), cpuUs: (user + system) / JOBS };
}

function linesOf(rounds: readonly Readonly<Record<string, Round>>[]): readonly string[] {
  const lines = Object.keys(contenders).map((name) => {
    const rate = spread(
      rounds.map((round) => round[name]!.jobsPerSecond),
      0,
    );
    const cpu = spread(
      rounds.map((round) => round[name]!.cpuUs),
      1,
    );
    return `${name}: n ${rounds.length}, jobs/s ${rate}, CPU us/job ${cpu}`;
  });
  const ratio = (of: (round: Round) => number) =>
    spread(
      rounds.map((round) => of(round['ours']!) / of(round['raw BullMQ']!)),
      2,
    );
  lines.push(
    `ours over raw BullMQ: jobs/s ${ratio((r) => r.jobsPerSecond)}, CPU ${ratio((r) => r.cpuUs)}`,
  );
  return lines;
}

/** The median, and the 10th to the 90th percentile. */
function spread(samples: readonly number[], digits: number): string {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor((sorted.length - 1) * share)]!.toFixed(digits);
  return `${at(0.5)} (${at(0.1)} - ${at(0.9)})`;
}

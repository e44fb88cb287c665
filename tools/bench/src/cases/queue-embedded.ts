// The embedded queue against BullMQ on a Redis that is as durable (appendonly, a flush to disk before each
// answer). Throughput: so many producers, each of which adds its next job when the handler has got the
// one before, until every outcome is on disk. Latency: one job after the other, from the call that adds
// it until its outcome is on disk. The same payload, a handler that does nothing, producers and worker
// in one process.
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbeddedQueue } from '@basalt/queue';
import { startRedisServer } from '@basalt/test-servers';
import { Queue, Worker } from 'bullmq';
import type { ReportCase } from '../bench-case.js';

const ROUNDS = 9;
const WARM_UP_ROUNDS = 2;
const PAYLOAD = { order: 4711, customer: 'c-1024', lines: [{ sku: 'a', n: 1 }] };
const DURABLE_REDIS = ['--appendonly', 'yes', '--appendfsync', 'always'];
/** Jobs of one round, by how many producers there are. */
const JOBS: ReadonlyMap<number, number> = new Map([
  [1, 400],
  [50, 8_000],
]);

interface Contender {
  /** Adds a job; resolves when its handler is called. */
  handled(): Promise<void>;
  /** Adds a job; resolves when its outcome is on disk. */
  done(): Promise<void>;
  /** Resolves when the outcome of every job is on disk. */
  allDone(): Promise<void>;
  close(): Promise<void>;
}

interface Round {
  readonly jobsPerSecond: number;
  /** Median, in milliseconds; with one producer only. */
  readonly addToDoneMs: number;
}

export const queueEmbedded: ReportCase = {
  name: 'queue-embedded',
  about: 'jobs through the embedded queue against BullMQ on a Redis that flushes to disk',
  async report() {
    const redis = await startRedisServer({ args: DURABLE_REDIS });
    const folder = await mkdtemp(join(tmpdir(), 'basalt-bench-queue-'));
    const lines: string[] = [];
    try {
      for (const producers of JOBS.keys()) {
        lines.push(...(await compare(producers, folder, redis.url)));
      }
      return lines;
    } finally {
      await redis.stop();
      await rm(folder, { recursive: true, force: true });
    }
  },
};

async function compare(producers: number, folder: string, url: string): Promise<string[]> {
  const contenders = [await embedded(folder, producers), bullmq(url, producers)];
  const rounds: Round[][] = [];
  try {
    for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round += 1) {
      const results: Round[] = [];
      for (const contender of contenders) results.push(await drive(contender, producers));
      if (round >= 0) rounds.push(results);
    }
  } finally {
    for (const contender of contenders) await contender.close();
  }
  return linesOf(producers, rounds);
}

async function drive(contender: Contender, producers: number): Promise<Round> {
  let left = JOBS.get(producers)!;
  const begun = performance.now();
  const produce = async () => {
    while (left > 0) {
      left -= 1;
      await contender.handled();
    }
  };
  await Promise.all(Array.from({ length: producers }, produce));
  await contender.allDone();
  const ms = performance.now() - begun;
  const jobsPerSecond = JOBS.get(producers)! / (ms / 1_000);
  if (producers > 1) return { jobsPerSecond, addToDoneMs: NaN };
  const latencies: number[] = [];
  for (let n = 0; n < JOBS.get(1)!; n += 1) {
    const added = performance.now();
    await contender.done();
    latencies.push(performance.now() - added);
  }
  return { jobsPerSecond, addToDoneMs: median(latencies) };
}

/** Calls of handlers by job id. */
class Calls {
  readonly #waiting = new Map<string, () => void>();

  of(id: string): Promise<void> {
    return new Promise((resolve) => this.#waiting.set(id, resolve));
  }

  happened(id: string): void {
    this.#waiting.get(id)?.();
    this.#waiting.delete(id);
  }
}

async function embedded(folder: string, concurrency: number): Promise<Contender> {
  const queue = await openEmbeddedQueue({ folder, queue: randomUUID() });
  const calls = new Calls();
  queue.work(
    async ({ job }) => {
      calls.happened(job.id);
      return { kind: 'done' };
    },
    { concurrency },
  );
  let added = 0;
  const add = async (): Promise<string> => {
    const id = randomUUID();
    const called = calls.of(id);
    added += 1;
    await queue.enqueue([{ id, flow: 'f', flowName: 'orders', payload: PAYLOAD }]);
    await called;
    return id;
  };
  return {
    handled: async () => void (await add()),
    async done() {
      const id = await add();
      while ((await queue.find(id))?.state !== 'done') await nextTurn();
    },
    async allDone() {
      while ((await queue.status()).totals.done < added) await nextTurn();
    },
    close: () => queue.close(),
  };
}

function bullmq(url: string, concurrency: number): Contender {
  const connection = { url, maxRetriesPerRequest: null };
  const name = randomUUID();
  const queue = new Queue(name, { connection });
  const calls = new Calls();
  const outcomes = new Calls();
  const worker = new Worker(name, async (job) => calls.happened(job.id!), {
    connection,
    concurrency,
    // What is kept of finished jobs is bounded in both queues.
    removeOnComplete: { count: 1_000 },
  });
  let added = 0;
  let completed = 0;
  worker.on('completed', (job) => {
    completed += 1;
    outcomes.happened(job.id!);
  });
  const add = async () => {
    const id = randomUUID();
    const called = calls.of(id);
    const done = outcomes.of(id);
    added += 1;
    await queue.add('flow', PAYLOAD, { jobId: id });
    await called;
    return done;
  };
  return {
    handled: async () => {
      const id = randomUUID();
      const called = calls.of(id);
      added += 1;
      await queue.add('flow', PAYLOAD, { jobId: id });
      await called;
    },
    done: add,
    async allDone() {
      while (completed < added) await nextTurn();
    },
    async close() {
      await worker.close();
      await queue.close();
    },
  };
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function linesOf(producers: number, rounds: readonly (readonly Round[])[]): string[] {
  const names = ['embedded', 'BullMQ'];
  const rate = (round: Round) => round.jobsPerSecond;
  const latency = (round: Round) => round.addToDoneMs;
  const lines = names.map((name, i) => {
    const of = (figure: (round: Round) => number, digits: number) =>
      spread(
        rounds.map((round) => figure(round[i]!)),
        digits,
      );
    const line = `${producers} at a time, ${name}: n ${rounds.length}, jobs/s ${of(rate, 0)}`;
    return producers === 1 ? `${line}, add to done p50 ms ${of(latency, 3)}` : line;
  });
  const ratio = spread(
    rounds.map((round) => rate(round[0]!) / rate(round[1]!)),
    2,
  );
  lines.push(`${producers} at a time, embedded over BullMQ: jobs/s ${ratio}`);
  return lines;
}

function median(samples: readonly number[]): number {
  return [...samples].sort((a, b) => a - b)[Math.floor((samples.length - 1) / 2)]!;
}

/** The median, and the 10th to the 90th percentile. */
function spread(samples: readonly number[], digits: number): string {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor((sorted.length - 1) * share)]!.toFixed(digits);
  return `${at(0.5)} (${at(0.1)} - ${at(0.9)})`;
}

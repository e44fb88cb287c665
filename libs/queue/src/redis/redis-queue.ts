// A queue in Redis, on BullMQ: its structures, workers, locks, retries and rate limits are BullMQ's;
// partitions, parking, dedupe that outlives a job, and dead letters with a cause are scripts of ours.
import { randomBytes } from 'node:crypto';
import { Queue } from 'bullmq';
import { admitJob } from '../admit-job.js';
import type { JobState, QueueBackend, QueueStatus } from '../queue-backend.js';
import { checkQueueName } from '../queue-name.js';
import { connectQueue, type QueueClient } from './queue-client.js';
import { redisDeadLetters } from './redis-dead-letters.js';
import { KEY_PREFIX, bullJobId, bullQueueName } from './redis-keys.js';
import type { RedisQueueOptions } from './redis-queue-options.js';
import { dropSchedule, listSchedules, putSchedule } from './redis-schedules.js';
import { RedisWorker } from './redis-worker.js';
import { jobOfText } from '../job-json.js';
import { enqueueArguments } from './stored-job.js';

/** Opens a queue. What it takes in is as durable as the server is set to be: with `appendonly yes` and
 * `appendfsync always` it is on disk when `enqueue` resolves.
 * @throws DiagnosticError QUE103 for a name, QUE201 for a server that cannot be used. */
export async function openRedisQueue(options: RedisQueueOptions): Promise<QueueBackend> {
  checkQueueName(options.queue);
  return backendOn(await connectQueue(options), options);
}

function backendOn(client: QueueClient, options: RedisQueueOptions): QueueBackend {
  const workers = new Set<RedisWorker>();
  const is = async (name: 'basaltResume' | 'basaltRemove', id: string) =>
    (await client.run(name, [bullJobId(id)])) === 1;
  let closing: Promise<void> | undefined;
  return {
    kind: 'redis',
    queue: options.queue,
    async enqueue(jobs) {
      const now = Date.now();
      const admitted = jobs.map((job) => admitJob(job, now, options.maxJobBytes));
      if (admitted.length === 0) return [];
      const given = [
        now,
        randomBytes(6).toString('base64url'),
        ...admitted.flatMap(enqueueArguments),
      ];
      const answers = (await client.run('basaltEnqueue', given)) as [number, string][];
      return answers.map(([duplicate, id]) => ({ id, duplicate: duplicate === 1 }));
    },
    work(handle, given) {
      const worker = new RedisWorker(client, handle, options, given);
      workers.add(worker);
      return worker;
    },
    status: () => statusOf(client),
    find: (id) => findJob(client, id),
    resume: (id) => is('basaltResume', id),
    remove: (id) => is('basaltRemove', id),
    pause: () => client.ask('pause', () => withBull(client, (bull) => bull.pause())),
    unpause: () => client.ask('unpause', () => withBull(client, (bull) => bull.resume())),
    schedule: (schedule) => putSchedule(client, schedule, options.maxJobBytes),
    unschedule: (id) => dropSchedule(client, id),
    schedules: () => listSchedules(client),
    dead: redisDeadLetters(client),
    close() {
      closing ??= Promise.all([...workers].map((worker) => worker.close())).then(() =>
        client.close(),
      );
      return closing;
    },
  };
}

/** BullMQ's own view of the queue, over our connection. */
async function withBull(client: QueueClient, body: (bull: Queue) => Promise<void>): Promise<void> {
  const bull = new Queue(bullQueueName(client.queue), {
    connection: client.redis,
    prefix: KEY_PREFIX,
  });
  bull.on('error', () => undefined);
  try {
    await body(bull);
  } finally {
    await bull.close();
  }
}

async function statusOf(client: QueueClient): Promise<QueueStatus> {
  const [counts, sums, workers] = (await client.run('basaltStatus', [])) as [
    number[],
    number[],
    [string, number, number][],
  ];
  const [paused, ready, delayed, active, parked, dead] = counts as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return {
    queue: client.queue,
    paused: paused === 1,
    counts: { ready, delayed, active, parked, dead },
    totals: {
      enqueued: sums[0]!,
      done: sums[1]!,
      retried: sums[2]!,
      dead: sums[3]!,
      duplicates: sums[4]!,
    },
    workers: workers.map(([id, concurrency, running]) => ({ id, concurrency, active: running })),
  };
}

async function findJob(client: QueueClient, id: string) {
  const found = (await client.run('basaltFind', [bullJobId(id)])) as [string, string] | null;
  if (found === null) return undefined;
  const read = jobOfText(found[1], id);
  if (!('job' in read) || found[0] === 'unknown') return undefined;
  return { job: read.job, state: found[0] as JobState };
}

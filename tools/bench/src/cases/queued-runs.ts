// What a whole run costs that comes out of a queue: its job is taken in, delivered and acknowledged, and
// the run is kept in a journal on the same backend. Both backends flush to disk what they acknowledge.
// Beside the rate stands the CPU time of this process, which is producer and worker, and that of Redis.
import type { NodeHandler } from '@basalt/executor';
import { openEmbeddedJournal, openRedisJournal, type JournalStore } from '@basalt/journal';
import { createFlowWorker, openEmbeddedQueue, openRedisQueue } from '@basalt/queue';
import type { QueueBackend, QueuedFlow } from '@basalt/queue';
import { startRedisServer, type RedisServer } from '@basalt/test-servers';
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ReportCase } from '../bench-case.js';
import { chainFlow } from '../chain-flow.js';
import { spreadText } from '../spread-text.js';

const STEPS = [1, 9] as const;
const RUNS = 200;
const BATCH = 50;
const CONCURRENCY = 50;
const ROUNDS = 5;
const WARM_UP_ROUNDS = 1;
const DURABLE_REDIS = ['--appendonly', 'yes', '--appendfsync', 'always'];

interface Place {
  readonly name: string;
  readonly backend: QueueBackend;
  readonly journal: JournalStore;
  /** CPU time of its server up to now, in microseconds; 0 where there is none. */
  readonly serverCpuUs: () => number;
}

interface Round {
  readonly runsPerSecond: number;
  /** For one run, in microseconds. */
  readonly cpuUs: number;
  readonly serverCpuUs: number;
}

export const queuedRuns: ReportCase = {
  name: 'queued-runs',
  about: `runs out of a queue with a journal, ${CONCURRENCY} at a time, each step an effect`,
  async report() {
    const redis = await startRedisServer({ args: DURABLE_REDIS });
    const folder = await mkdtemp(join(tmpdir(), 'basalt-bench-runs-'));
    try {
      const lines: string[] = [];
      for (const steps of STEPS) lines.push(...(await compare(steps, folder, redis)));
      return lines;
    } finally {
      await redis.stop();
      await rm(folder, { recursive: true, force: true });
    }
  },
};

async function compare(steps: number, folder: string, redis: RedisServer): Promise<string[]> {
  const { url } = redis;
  const queue = `steps ${steps}`;
  const places: readonly Place[] = [
    {
      name: 'embedded',
      backend: await openEmbeddedQueue({ folder, queue }),
      journal: await openEmbeddedJournal(folder),
      serverCpuUs: () => 0,
    },
    {
      name: 'Redis',
      backend: await openRedisQueue({ queue, url }),
      journal: await openRedisJournal({ url }),
      serverCpuUs: () => cpuOf(redis),
    },
  ];
  const rounds: Round[][] = [];
  try {
    for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round += 1) {
      const results: Round[] = [];
      for (const place of places) results.push(await drive(place, steps));
      if (round >= 0) rounds.push(results);
    }
  } finally {
    for (const { backend, journal } of places) {
      await backend.close();
      await journal.close();
    }
  }
  return places.map(({ name }, i) => {
    const of = (figure: (round: Round) => number, digits: number) =>
      spreadText(
        rounds.map((round) => figure(round[i]!)),
        digits,
      );
    const rate = of(({ runsPerSecond }) => runsPerSecond, 0);
    const cpu = of(({ cpuUs }) => cpuUs, 0);
    const server = of((round) => round.serverCpuUs, 0);
    return `${steps} steps, ${name}: n ${ROUNDS}, runs/s ${rate}, CPU us/run ${cpu}, server ${server}`;
  });
}

/** From the first request to the last outcome, all jobs taken in while the worker works. */
async function drive({ backend, journal, serverCpuUs }: Place, steps: number): Promise<Round> {
  const flow = effectfulChain(steps);
  let left = RUNS;
  let finish!: () => void;
  let fail!: (error: Error) => void;
  const finished = new Promise<void>((resolve, reject) => ([finish, fail] = [resolve, reject]));
  const worker = createFlowWorker({
    backend,
    journal,
    flows: [flow],
    worker: { concurrency: CONCURRENCY },
    onEnded({ outcome, result }) {
      if (outcome.kind !== 'done' || result?.output !== steps) fail(new Error('a run failed'));
      left -= 1;
      if (left === 0) finish();
    },
  });
  const { id, name } = flow.bundle.ir;
  const job = { flow: id, flowName: name, payload: 0 };
  const cpu = process.cpuUsage();
  const serverCpu = serverCpuUs();
  const begun = performance.now();
  for (let n = 0; n < RUNS; n += BATCH) {
    await backend.enqueue(Array.from({ length: BATCH }, () => job));
  }
  await finished;
  await worker.close();
  const seconds = (performance.now() - begun) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  const served = serverCpuUs() - serverCpu;
  await journal.prune({ keep: 0 });
  return {
    runsPerSecond: RUNS / seconds,
    cpuUs: (user + system) / RUNS,
    serverCpuUs: served / RUNS,
  };
}

function cpuOf({ port }: RedisServer): number {
  const told = execFileSync('redis-cli', ['-p', `${port}`, 'INFO', 'cpu'], { encoding: 'utf8' });
  const of = (what: string) => Number(new RegExp(`^used_cpu_${what}:(.+)$`, 'm').exec(told)![1]);
  return (of('user') + of('sys')) * 1e6;
}

/** A trigger, and nodes that each act under an idempotency key. */
function effectfulChain(steps: number): QueuedFlow {
  const ir = chainFlow(steps);
  const nodes = ir.nodes.map((node) =>
    node.kind === 'trigger'
      ? node
      : {
          ...node,
          effects: 'effectful' as const,
          determinism: 'best_effort' as const,
          idempotency: { key: '', scope: 'node' as const, ttlMs: 600_000 },
        },
  );
  const handlers = new Map<string, NodeHandler>(
    nodes.map(({ identifier, kind }) => [
      identifier,
      kind === 'trigger' ? (n: number) => n : async (n: number) => n + 1,
    ]),
  );
  return { bundle: { ir: { ...ir, nodes }, handlers }, capabilities: {} };
}

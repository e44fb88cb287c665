// 1,000 readers of event streams at once, each of a run of its own that emits an event every 120 ms: how
// evenly events arrive, and whether the memory of the host grows. The readers are a process of their own,
// which notes the arrival of each event. A gap is the time between two events of one reader; how late it
// is, is the gap less the 120 ms that were asked for (early ones count as 0). A timer that drifts shows
// in both. `bare` is a fastify route that writes the same from a timer: the floor of this machine.
import { execFile, spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { ReportCase } from '../bench-case.js';

const CLIENTS = 1000;
const INTERVAL_MS = 120;
/** Half a minute of events. */
const EVENTS = 250;
/** For the memory: the host keeps 256 events of each stream for a reader that comes back, and is watched
 * from when it has as many. */
const KEPT_EVENTS = 256;
const MEMORY_EVENTS = 750;
const STAGGER_MS = 2;
const FULL_MS = CLIENTS * STAGGER_MS + KEPT_EVENTS * INTERVAL_MS + 4000;
const SAMPLE_EVERY_MS = 5000;
const ROUNDS = 3;

const KINDS = ['flow', 'bare'] as const;

export const sse1000: ReportCase = {
  name: 'sse-1000',
  about: `${CLIENTS} event streams at once, an event each ${INTERVAL_MS} ms: gaps, and memory over time`,
  async report() {
    const servers = await Promise.all(KINDS.map(startServer));
    try {
      const measured = servers.map(() => ({
        gaps: [] as readonly number[],
        complete: 0,
        cpuMs: 0,
      }));
      for (let round = 0; round < ROUNDS; round += 1) {
        for (const [i, server] of servers.entries()) {
          const one = measured[i]!;
          const { cpuMs } = await server.sample();
          const crowd = await runCrowd(server.port, EVENTS);
          one.gaps = one.gaps.concat(crowd.gaps);
          one.complete += crowd.complete;
          one.cpuMs += (await server.sample()).cpuMs - cpuMs;
        }
      }
      const lines = measured.flatMap(({ gaps, complete, cpuMs }, i) => {
        const cost = ((cpuMs * 1000) / gaps.length).toFixed(0);
        const kind = KINDS[i]!;
        return [
          gapLine(kind, gaps, complete),
          `${kind}: ${cost} us of CPU an event, connections included`,
        ];
      });
      return [...lines, ...(await memoryLines(servers[0]!))];
    } finally {
      for (const { stop } of servers) stop();
    }
  },
};

interface Crowd {
  readonly gaps: readonly number[];
  readonly complete: number;
}

interface Sample {
  readonly heapUsed: number;
  readonly rss: number;
  readonly cpuMs: number;
}

interface Server {
  readonly port: number;
  sample(): Promise<Sample>;
  stop(): void;
}

function entry(name: string): string {
  return join(dirname(process.argv[1]!), `${name}.mjs`);
}

async function startServer(kind: string): Promise<Server> {
  const words = ['--expose-gc', entry('sse-server'), kind];
  const child = spawn(process.execPath, words, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const read = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`the ${kind} server ended`);
    return value;
  };
  const port = Number(await read());
  return {
    port,
    async sample() {
      child.stdin.write('sample\n');
      return JSON.parse(await read()) as Sample;
    },
    stop: () => void child.stdin.end(),
  };
}

function runCrowd(port: number, count: number): Promise<Crowd> {
  const payload = { count, ms: INTERVAL_MS };
  const plan = { port, path: '/ticks', payload, clients: CLIENTS, staggerMs: STAGGER_MS };
  return new Promise((resolve, reject) => {
    const words = [entry('sse-crowd'), JSON.stringify(plan)];
    execFile(process.execPath, words, { maxBuffer: 1 << 28 }, (error, stdout) => {
      if (error !== null) reject(error);
      else resolve(JSON.parse(stdout) as Crowd);
    });
  });
}

function gapLine(kind: string, gaps: readonly number[], complete: number): string {
  if (complete !== CLIENTS * ROUNDS) throw new Error(`${kind}: only ${complete} complete streams`);
  const raw = quantiles(gaps);
  const late = quantiles(gaps.map((gap) => Math.max(0, gap - INTERVAL_MS)));
  return `${kind}: n ${gaps.length}, gap ms ${raw}, late ms ${late}`;
}

function quantiles(samples: readonly number[]): string {
  const sorted = Float64Array.from(samples).sort();
  const at = (share: number) => sorted[Math.floor((sorted.length - 1) * share)]!.toFixed(1);
  return `p50 ${at(0.5)}, p95 ${at(0.95)}, p99 ${at(0.99)}, max ${at(1)}`;
}

/** Samples while 1,000 streams run, once the host keeps of each as much as it ever will. */
async function memoryLines(server: Server): Promise<readonly string[]> {
  const crowd = runCrowd(server.port, MEMORY_EVENTS);
  let isOver = false;
  void crowd.finally(() => (isOver = true));
  const samples: { readonly minutes: number; readonly heap: number; readonly rss: number }[] = [];
  await new Promise((resolve) => setTimeout(resolve, FULL_MS));
  const start = performance.now();
  while (!isOver) {
    const { heapUsed, rss } = await server.sample();
    const minutes = (performance.now() - start) / 60_000;
    samples.push({ minutes, heap: heapUsed / 1e6, rss: rss / 1e6 });
    await Promise.race([new Promise((r) => setTimeout(r, SAMPLE_EVERY_MS)), crowd]);
  }
  const list = (of: 'heap' | 'rss') => samples.map((one) => one[of].toFixed(1)).join(' ');
  const slopes = (['heap', 'rss'] as const).map((of) =>
    slope(samples.map((one) => [one.minutes, one[of]])).toFixed(1),
  );
  return [
    `flow: heap after a collection, MB, each ${SAMPLE_EVERY_MS / 1000} s: ${list('heap')}; ${slopes[0]} MB a minute`,
    `flow: resident memory, MB: ${list('rss')}; ${slopes[1]} MB a minute`,
  ];
}

/** Of the least squares line through points. */
function slope(points: readonly (readonly [x: number, y: number])[]): number {
  const mean = (i: 0 | 1) => points.reduce((sum, point) => sum + point[i], 0) / points.length;
  const [mx, my] = [mean(0), mean(1)];
  let above = 0;
  let below = 0;
  for (const [x, y] of points) {
    above += (x - mx) * (y - my);
    below += (x - mx) ** 2;
  }
  return below === 0 ? 0 : above / below;
}

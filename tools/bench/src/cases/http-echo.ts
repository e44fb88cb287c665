// S1 over HTTP: what the host costs on top of the same fastify route without a flow. Each server is a
// process of its own; they are driven in turn, round by round. Beside rates and latencies, which also
// hold what the load generator and the kernel take, stands the CPU time of the server itself.
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { ReportCase } from '../bench-case.js';
import { driveEcho, type LoadResult } from '../http-load.js';

// Short rounds, and many: a slow spell of the machine then meets all servers alike.
const REQUESTS = 4_000;
const CONNECTIONS = 32;
const ROUNDS = 45;
const WARM_UP_ROUNDS = 9;

const KINDS = ['bare', 'flow', 'viewer'] as const;

interface Round extends LoadResult {
  /** CPU time of the server for one request, in microseconds. */
  readonly cpuUs: number;
}

export const httpEcho: ReportCase = {
  name: 'http-echo',
  about: `S1 behind the host against a bare fastify route, ${CONNECTIONS} connections`,
  async report() {
    const servers = await Promise.all(KINDS.map(startServer));
    try {
      const rounds: (readonly Round[])[] = [];
      for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round += 1) {
        const results: Round[] = [];
        for (const server of servers) results.push(await drive(server));
        if (round >= 0) rounds.push(results);
      }
      return linesOf(rounds);
    } finally {
      for (const { stop } of servers) stop();
    }
  },
};

async function drive({ port, cpuUs }: Server): Promise<Round> {
  const before = await cpuUs();
  const result = await driveEcho(port, REQUESTS, CONNECTIONS);
  return { ...result, cpuUs: ((await cpuUs()) - before) / REQUESTS };
}

interface Server {
  readonly port: number;
  /** CPU time that the server has used, in microseconds. */
  cpuUs(): Promise<number>;
  stop(): void;
}

async function startServer(kind: string): Promise<Server> {
  const file = join(dirname(process.argv[1]!), 'http-echo-server.mjs');
  const child = spawn(process.execPath, [file, kind], { stdio: ['pipe', 'pipe', 'inherit'] });
  const failed = new Promise<never>((_resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (status) => reject(new Error(`the ${kind} server ended with ${status}`)));
  });
  failed.catch(() => undefined);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => Number((await Promise.race([lines.next(), failed])).value);
  return {
    port: await next(),
    cpuUs() {
      child.stdin.write('\n');
      return next();
    },
    stop: () => void child.stdin.end(),
  };
}

function linesOf(rounds: readonly (readonly Round[])[]): readonly string[] {
  const column = (i: number, of: (round: Round) => number) => rounds.map((r) => of(r[i]!));
  const lines = KINDS.map((kind, i) => {
    const rate = spread(
      column(i, (r) => r.requestsPerSecond),
      0,
    );
    const cpu = spread(
      column(i, (r) => r.cpuUs),
      1,
    );
    const p50 = spread(
      column(i, (r) => r.p50Ms),
      2,
    );
    const p99 = spread(
      column(i, (r) => r.p99Ms),
      2,
    );
    return `${kind}: n ${rounds.length}, requests/s ${rate}, CPU us/request ${cpu}, p50 ms ${p50}, p99 ms ${p99}`;
  });
  const ratio = (i: number, of: (round: Round) => number) =>
    spread(
      rounds.map((round) => of(round[i]!) / of(round[0]!)),
      2,
    );
  for (const [i, kind] of KINDS.entries()) {
    if (i === 0) continue;
    const rate = ratio(i, (r) => r.requestsPerSecond);
    const cpu = ratio(i, (r) => r.cpuUs);
    const p99 = ratio(i, (r) => r.p99Ms);
    lines.push(`${kind} over ${KINDS[0]}: requests/s ${rate}, CPU ${cpu}, p99 ${p99}`);
  }
  return lines;
}

/** The median, and the 10th to the 90th percentile. */
function spread(samples: readonly number[], digits: number): string {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor((sorted.length - 1) * share)]!.toFixed(digits);
  return `${at(0.5)} (${at(0.1)} - ${at(0.9)})`;
}

// S1 over HTTP: what the host costs on top of the same fastify route without a flow. Both servers are
// processes of their own and are driven in turn, round by round.
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import type { ReportCase } from '../bench-case.js';
import { driveEcho, type LoadResult } from '../http-load.js';

const REQUESTS = 12_000;
const CONNECTIONS = 32;
const ROUNDS = 11;

const KINDS = ['flow', 'bare'] as const;

export const httpEcho: ReportCase = {
  name: 'http-echo',
  about: `S1 behind the host against a bare fastify route, ${CONNECTIONS} connections`,
  async report() {
    const servers = await Promise.all(KINDS.map(startServer));
    try {
      const rounds: (readonly LoadResult[])[] = [];
      for (let round = -2; round < ROUNDS; round += 1) {
        const results: LoadResult[] = [];
        for (const { port } of servers) results.push(await driveEcho(port, REQUESTS, CONNECTIONS));
        if (round >= 0) rounds.push(results);
      }
      return linesOf(rounds);
    } finally {
      for (const { stop } of servers) stop();
    }
  },
};

interface Server {
  readonly port: number;
  stop(): void;
}

function startServer(kind: string): Promise<Server> {
  const file = join(dirname(process.argv[1]!), 'http-echo-server.mjs');
  const child = spawn(process.execPath, [file, kind], { stdio: ['pipe', 'pipe', 'inherit'] });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (status) => reject(new Error(`the ${kind} server ended with ${status}`)));
    child.stdout.once('data', (line: Buffer) => {
      resolve({ port: Number(String(line)), stop: () => void child.stdin.end() });
    });
  });
}

function linesOf(rounds: readonly (readonly LoadResult[])[]): readonly string[] {
  const column = (i: number, of: (result: LoadResult) => number) => rounds.map((r) => of(r[i]!));
  const lines = KINDS.map((kind, i) => {
    const rate = spread(
      column(i, (r) => r.requestsPerSecond),
      0,
    );
    const p50 = spread(
      column(i, (r) => r.p50Ms),
      2,
    );
    const p99 = spread(
      column(i, (r) => r.p99Ms),
      2,
    );
    return `${kind}: n ${rounds.length}, requests/s ${rate}, p50 ms ${p50}, p99 ms ${p99}`;
  });
  const ratio = (of: (result: LoadResult) => number) =>
    spread(
      rounds.map(([flow, bare]) => of(flow!) / of(bare!)),
      2,
    );
  lines.push(
    `flow over bare: requests/s ${ratio((r) => r.requestsPerSecond)}, p99 ${ratio((r) => r.p99Ms)}`,
  );
  return lines;
}

/** The median, and the 10th to the 90th percentile. */
function spread(samples: readonly number[], digits: number): string {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor((sorted.length - 1) * share)]!.toFixed(digits);
  return `${at(0.5)} (${at(0.1)} - ${at(0.9)})`;
}

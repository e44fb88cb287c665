// The readers of the case sse-1000, as a process of their own: many connections to one event stream
// route. Notes when each event arrives, and whether any is missing; it does as little as it can, for it
// shares the machine with the host. Takes its plan as JSON, and prints what it found as one JSON line.
import { connect, type Socket } from 'node:net';

interface CrowdPlan {
  readonly port: number;
  readonly path: string;
  readonly payload: unknown;
  readonly clients: number;
  /** Milliseconds from the start of one client to that of the next. */
  readonly staggerMs: number;
}

export interface CrowdResult {
  /** Milliseconds between the arrival of an event and that of the one before it, of all clients. */
  readonly gaps: readonly number[];
  /** Events of each client, without the last one that ends the stream. */
  readonly events: readonly number[];
  /** Clients whose stream came to its end with `event: end`, and every id was one above the last. */
  readonly complete: number;
}

/** Runs all clients to the end of their streams. */
async function runCrowd(plan: CrowdPlan): Promise<CrowdResult> {
  const gaps: number[] = [];
  const readers = Array.from({ length: plan.clients }, async (_, i) => {
    await new Promise((resolve) => setTimeout(resolve, i * plan.staggerMs));
    return readOne(plan, gaps);
  });
  const results = await Promise.all(readers);
  return {
    gaps,
    events: results.map(({ events }) => events),
    complete: results.filter(({ isComplete }) => isComplete).length,
  };
}

interface Reading {
  readonly events: number;
  readonly isComplete: boolean;
}

function readOne(plan: CrowdPlan, gaps: number[]): Promise<Reading> {
  const socket: Socket = connect({ port: plan.port, host: '127.0.0.1', noDelay: true });
  const body = JSON.stringify(plan.payload);
  socket.setEncoding('latin1');
  socket.write(
    `POST ${plan.path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n` +
      `accept: text/event-stream\r\nconnection: close\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  );
  let lastAt = 0;
  let lastSeq = 0;
  let isGapless = true;
  let hasEnd = false;
  let rest = '';
  socket.on('data', (piece: string) => {
    const now = performance.now();
    const lines = (rest + piece).split('\n');
    rest = lines.pop()!;
    for (const line of lines) {
      if (line.startsWith('event: end')) hasEnd = true;
      if (!line.startsWith('id: ')) continue;
      const seq = Number(line.slice(line.lastIndexOf('/') + 1));
      if (seq !== lastSeq + 1) isGapless = false;
      lastSeq = seq;
      if (lastAt !== 0) gaps.push(now - lastAt);
      lastAt = now;
    }
  });
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once('close', () =>
      resolve({ events: lastSeq - (hasEnd ? 1 : 0), isComplete: isGapless && hasEnd }),
    );
  });
}

process.stdout.write(
  `${JSON.stringify(await runCrowd(JSON.parse(process.argv[2]!) as CrowdPlan))}\n`,
);

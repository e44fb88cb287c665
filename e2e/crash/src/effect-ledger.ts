// The world outside, which effects change: a server that acts once for each idempotency key and each time
// for a call without one, and writes down what it did, on disk before it answers. It fails like a real
// one: it refuses calls before it acts, and loses answers after it has acted. It is never killed.
import {
  closeSync,
  fsyncSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hashValue } from '@basalt/ir';
import { chanceOf } from './seeded-chance.js';

/** One effect that happened. */
export interface Entry {
  /** What was done, such as `j12/charge`. */
  readonly what: string;
  /** Undefined for a call without a key. */
  readonly key?: string | undefined;
}

/** How often the server fails, and how long it takes at most. */
export interface LedgerFaults {
  /** Share of the calls that are refused before anything is done. */
  readonly refused: number;
  /** Share of the calls that are done, and whose answer is lost. */
  readonly lost: number;
  readonly delayMs: number;
}

export interface EffectLedger {
  readonly url: string;
  /** Read from the file, in the order in which they happened. */
  entries(): readonly Entry[];
  /** Calls in all, repeated, refused and lost ones too. */
  calls(): number;
  close(): Promise<void>;
}

/** What the server answers to an effect: the same to every call for it. */
export function receiptOf(what: string): string {
  return hashValue(what).slice(0, 8);
}

/** Starts the server with an empty ledger. */
export async function startEffectLedger(seed: number, faults: LedgerFaults): Promise<EffectLedger> {
  const folder = mkdtempSync(join(tmpdir(), 'basalt-ledger-'));
  const path = join(folder, 'effects.jsonl');
  const file = openSync(path, 'a');
  const known = new Set<string>();
  let calls = 0;
  const act = (entry: Entry) => {
    if (entry.key !== undefined && known.has(entry.key)) return;
    writeSync(file, `${JSON.stringify(entry)}\n`);
    fsyncSync(file);
    if (entry.key !== undefined) known.add(entry.key);
  };
  const server = createServer((request, response) => {
    request.resume();
    calls += 1;
    const what = decodeURIComponent(request.url!.slice(1));
    const key = request.headers['idempotency-key'] as string | undefined;
    const fate = chanceOf(seed, `${calls} ${what}`);
    const answer = () => {
      if (fate < faults.refused) return void response.writeHead(503).end();
      act({ what, key });
      if (fate < faults.refused + faults.lost) return void request.socket.destroy();
      response.writeHead(200).end(receiptOf(what));
    };
    setTimeout(answer, chanceOf(seed, `delay ${calls}`) * faults.delayMs);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    entries: () => linesOf(path),
    calls: () => calls,
    async close() {
      await closed(server);
      closeSync(file);
      rmSync(folder, { recursive: true });
    },
  };
}

function linesOf(path: string): readonly Entry[] {
  const text = readFileSync(path, 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Entry);
}

async function closed(server: Server): Promise<void> {
  server.close();
  server.closeAllConnections();
  if (server.listening) await once(server, 'close');
}

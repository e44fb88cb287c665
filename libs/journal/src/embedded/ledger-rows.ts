// The delivery ledger in its table: which messages of exactly_once edges are held by which run, and
// which are done.
import { storedKey, type Tables } from '@basalt/capabilities';
import type { Reservation } from '@basalt/executor';
import { decodeCanonical, encodeCanonical } from '@basalt/ir';
import { readRow } from './run-rows.js';

interface LedgerRow {
  readonly owner: string;
  readonly input: string;
  readonly ttlMs: number;
  /** Milliseconds since the epoch; absent while the key is held. */
  readonly doneUntil?: number | undefined;
}

/** Where the sweep goes on. */
export interface LedgerSweep {
  next: Buffer;
}

const FIRST = Buffer.of(0);
const SWEEP_PER_RESERVATION = 2;

/** A sweep at the first key. */
export function ledgerSweep(): LedgerSweep {
  return { next: FIRST };
}

function read(value: Buffer | undefined): LedgerRow | undefined {
  return value && (decodeCanonical(value) as unknown as LedgerRow);
}

function put(tables: Tables, key: Buffer, row: LedgerRow): void {
  tables('ledger').putSync(key, Buffer.from(encodeCanonical({ ...row } as never)));
}

/** Whether a key is still taken: by a run without an outcome, or by a completion that is remembered. */
function isTaken(tables: Tables, row: LedgerRow, now: number): boolean {
  if (row.doneUntil !== undefined) return row.doneUntil > now;
  const run = readRow(tables, row.owner);
  return run !== undefined && run.progress.outcome === undefined;
}

/** Holds a key for a run. */
export function reserveKey(tables: Tables, key: string, row: LedgerRow, now: number): Reservation {
  const stored = storedKey(key);
  const found = read(tables('ledger').get(stored));
  if (found !== undefined) {
    if (found.doneUntil === undefined && found.owner === row.owner) return { state: 'own' };
    if (isTaken(tables, found, now)) {
      return found.doneUntil === undefined
        ? { state: 'held', owner: found.owner }
        : { state: 'done', input: found.input };
    }
  }
  put(tables, stored, row);
  return { state: 'first' };
}

export function completeKey(tables: Tables, runId: string, key: string, now: number): void {
  const stored = storedKey(key);
  const found = read(tables('ledger').get(stored));
  if (found?.owner !== runId || found.doneUntil !== undefined) return;
  put(tables, stored, { ...found, doneUntil: now + found.ttlMs });
}

export function releaseKey(tables: Tables, runId: string, key: string): void {
  const stored = storedKey(key);
  const found = read(tables('ledger').get(stored));
  if (found?.owner === runId && found.doneUntil === undefined) tables('ledger').removeSync(stored);
}

/** Removes what is not taken any more among the next rows, so that it cannot outgrow what is. */
export function sweepLedger(tables: Tables, sweep: LedgerSweep, now: number): void {
  const found = [
    ...tables('ledger').getRange({ start: sweep.next, limit: SWEEP_PER_RESERVATION + 1 }),
  ];
  sweep.next = found.length > SWEEP_PER_RESERVATION ? Buffer.from(found.pop()!.key) : FIRST;
  for (const { key, value } of found) {
    if (!isTaken(tables, read(value)!, now)) tables('ledger').removeSync(Buffer.from(key));
  }
}

// Checks every record of a folder against its checksum, its neighbours and the row of its run, and cuts
// damaged runs back to their last good record.
import { storedKey, type Tables } from '@basalt/capabilities';
import { decodeCanonical, hashBytes, isPlainObject } from '@basalt/ir';
import type { JournalFault } from '../journal-store.js';
import { readRun, type ReadRun } from '../records/read-run.js';
import {
  cutFrames,
  documentBytes,
  framesOf,
  nextWithFrames,
  putIntoLists,
  putRow,
  removeFromLists,
  removeRun,
  rowAt,
  type RunRow,
} from './run-rows.js';

/** A run that is damaged, and what mends it. */
export interface DamagedRun {
  readonly fault: Omit<JournalFault, 'repaired'>;
  readonly number: number;
  readonly row?: RunRow | undefined;
  readonly read?: ReadRun | undefined;
  readonly mend: 'cut' | 'remove' | 'nothing';
}

const HEADER_BYTES = 17;

/** The id in a first frame, which no checksum has confirmed yet. */
function claimedId(frame: Uint8Array | undefined): string | undefined {
  try {
    const body = decodeCanonical(frame!.subarray(HEADER_BYTES));
    const id =
      typeof body === 'object' && body !== null && isPlainObject(body)
        ? (body as Record<string, unknown>)['runId']
        : undefined;
    return typeof id === 'string' ? id : undefined;
  } catch {
    return undefined;
  }
}

function sameProgress(row: RunRow, { progress }: ReadRun): boolean {
  return (
    row.progress.records === progress.records &&
    row.progress.outcome === progress.outcome &&
    Buffer.compare(row.progress.chain, progress.chain) === 0
  );
}

/** The damage of one run; undefined where it is sound. */
function checkRun(tables: Tables, number: number, row: RunRow | undefined): DamagedRun | undefined {
  const frames = framesOf(tables, number);
  const runId = row?.runId ?? claimedId(frames[0]) ?? `number ${number}`;
  const read = readRun(runId, frames);
  const damaged = (at: number, reason: string, mend: DamagedRun['mend'] = 'cut'): DamagedRun => ({
    fault: { runId, at, reason },
    number,
    row,
    read,
    mend,
  });
  if (read.start === undefined) return damaged(0, read.fault!.reason, 'remove');
  if (row === undefined) return damaged(0, 'its entry in the list of runs is damaged or missing');
  if (read.fault !== undefined) return damaged(read.fault.at, read.fault.reason);
  if (!sameProgress(row, read)) {
    const missing = row.progress.records > read.progress.records;
    return damaged(read.progress.records + 1, missing ? 'it is missing' : 'it is not counted');
  }
  const document = documentBytes(tables, row.document);
  if (document === undefined || hashBytes(document) !== row.document) {
    return damaged(0, 'its flow document is damaged or missing', 'nothing');
  }
  return undefined;
}

/** The ids of all runs whose rows can be read, by number. */
export function runIdsByNumber(tables: Tables): Map<number, string> {
  const ids = new Map<number, string>();
  for (const key of tables('runs').getKeys({})) {
    const row = rowAt(tables, Buffer.from(key));
    if (row !== undefined) ids.set(row.number, row.runId);
  }
  return ids;
}

/** The row that a run has now, as long as it can be read. */
function rowNow(tables: Tables, number: number, runId: string | undefined): RunRow | undefined {
  const row = runId === undefined ? undefined : rowAt(tables, storedKey(runId));
  return row?.number === number ? row : undefined;
}

/** The damage of the run with a number. One that is neither in the list nor has frames is sound: it was
 * removed. */
export function findDamage(
  tables: Tables,
  number: number,
  runId: string | undefined,
): DamagedRun | undefined {
  if (nextWithFrames(tables, number) === number) {
    // A run that came after the ids were read is found by the id that it claims.
    const known = runId ?? claimedId(framesOf(tables, number)[0]);
    return checkRun(tables, number, rowNow(tables, number, known));
  }
  const row = rowNow(tables, number, runId);
  if (row === undefined) return undefined;
  const fault = { runId: row.runId, at: 0, reason: 'it is missing' };
  return { fault, number, row, mend: 'remove' };
}

/** The numbers of all runs that have frames or a row, in order. */
export function numbersOf(tables: Tables, ids: ReadonlyMap<number, string>): number[] {
  const numbers = new Set(ids.keys());
  for (let at = nextWithFrames(tables, 0); at !== undefined; at = nextWithFrames(tables, at + 1)) {
    numbers.add(at);
  }
  return [...numbers].sort((a, b) => a - b);
}

/** The row of a run from its frames. */
function rowFromFrames({ number, row, read }: DamagedRun): RunRow {
  const { start, document } = read!.start!;
  const { runId, flow, flowHash, startedAt } = start;
  const known = { resumptions: row?.resumptions ?? 0, cancel: row?.cancel };
  return { number, runId, flow, flowHash, document, startedAt, ...known, progress: read!.progress };
}

/** Mends one run, in a transaction; false where nothing does. */
export function mendRun(tables: Tables, damaged: DamagedRun): boolean {
  const { mend, row, number, read } = damaged;
  if (mend === 'nothing') return false;
  if (mend === 'remove') {
    if (row !== undefined) removeRun(tables, row);
    else cutFrames(tables, number, 0);
    return true;
  }
  if (row !== undefined) removeFromLists(tables, row);
  cutFrames(tables, number, read!.progress.records + 1);
  const mended = rowFromFrames(damaged);
  putRow(tables, mended);
  putIntoLists(tables, mended);
  return true;
}

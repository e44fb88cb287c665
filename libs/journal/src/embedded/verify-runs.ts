// Checks every record of a folder against its checksum, its neighbours and the row of its run, and cuts
// damaged runs back to their last good record.
import type { Tables } from '@basalt/capabilities';
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

/** All rows by number. */
export function rowsByNumber(tables: Tables): Map<number, RunRow> {
  const rows = new Map<number, RunRow>();
  for (const key of tables('runs').getKeys({})) {
    const row = rowAt(tables, Buffer.from(key));
    if (row !== undefined) rows.set(row.number, row);
  }
  return rows;
}

/** The damaged runs of a folder, in order of their numbers. */
export function findDamage(tables: Tables): DamagedRun[] {
  const rows = rowsByNumber(tables);
  const damaged: DamagedRun[] = [];
  for (let at = nextWithFrames(tables, 0); at !== undefined; at = nextWithFrames(tables, at + 1)) {
    const found = checkRun(tables, at, rows.get(at));
    if (found !== undefined) damaged.push(found);
    rows.delete(at);
  }
  for (const [number, row] of rows) {
    const fault = { runId: row.runId, at: 0, reason: 'it is missing' };
    damaged.push({ fault, number, row, mend: 'remove' });
  }
  return damaged;
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

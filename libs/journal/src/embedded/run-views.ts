// What callers see of a run: its line in a list, its start, its records where they are good.
import { diagnostic, type Diagnostic } from '@basalt/diagnostics';
import type { Tables } from '@basalt/capabilities';
import { decodeCanonical } from '@basalt/ir';
import type { RunInfo, RunQuery, RunStart } from '../journal-store.js';
import type { ReadRun } from '../records/read-run.js';
import { runInfo, statusOf } from '../records/run-progress.js';
import { documentBytes, rowsOfList, type ListName, type RunRow } from './run-rows.js';
import type { EndedRun } from '../prune-policy.js';

/** The live owners by id, with their names. */
export type LiveOwners = ReadonlyMap<string, string>;

/** What a row takes from the start of its run. */
export function rowOf(start: Omit<RunStart, 'flowDocument'>, document: string) {
  const { runId, flow, flowHash, startedAt } = start;
  return { runId, flow, flowHash, startedAt, document, resumptions: 0 };
}

/** The line of a run in a list. */
export function infoOf(row: RunRow, live: LiveOwners): RunInfo {
  const owner = row.owner === undefined ? undefined : live.get(row.owner);
  const holding = owner !== undefined ? 'live' : row.owner === undefined ? 'parked' : 'dead';
  const status = statusOf(row.progress, holding, row.cancel !== undefined);
  return runInfo(row, row.progress, status, row.resumptions, owner);
}

/** What was read, or the finding that it is damaged. */
export function checked(row: RunRow, read: ReadRun): ReadRun | Diagnostic {
  const { fault, progress } = read;
  const run = row.runId;
  if (fault !== undefined) return diagnostic.JRNL005({ run, at: fault.at, reason: fault.reason });
  if (progress.records === row.progress.records) return read;
  const at = progress.records + 1;
  const reason = at <= row.progress.records ? 'it is missing' : 'it is not counted';
  return diagnostic.JRNL005({ run, at, reason });
}

/** What a run was started with, or the finding that it is damaged. */
export function startOf(tables: Tables, row: RunRow, read: ReadRun): RunStart | Diagnostic {
  const run = row.runId;
  if (read.start === undefined) {
    return diagnostic.JRNL005({ run, at: 0, reason: read.fault!.reason });
  }
  const document = documentBytes(tables, row.document);
  if (document === undefined) {
    return diagnostic.JRNL005({ run, at: 0, reason: 'its flow document is missing' });
  }
  return { ...read.start.start, flowDocument: decodeCanonical(document) };
}

/** The list to look through for a query. */
export function listFor({ flow, status }: RunQuery): ListName {
  if (flow !== undefined) return { kind: 'flow', flow };
  switch (status) {
    case undefined:
      return { kind: 'all' };
    case 'completed':
    case 'failed':
    case 'cancelled':
      return { kind: 'status', status };
    default:
      return { kind: 'status', status: 'open' };
  }
}

/** Runs that have ended, newest first. */
export function* endedRuns(tables: Tables): Generator<EndedRun> {
  for (const { runId, flow, progress } of rowsOfList(tables, { kind: 'all' }, undefined)) {
    const { endedAt } = progress;
    if (endedAt !== undefined) yield { runId, flow: flow.name, endedAt };
  }
}

// Runs of a folder as they are exported and taken in.
import { DiagnosticError } from '@basalt/diagnostics';
import type { Tables } from '@basalt/capabilities';
import { readRun } from '../records/read-run.js';
import type { ArchivedRun, StoredRun } from '../records/run-archive.js';
import {
  documentBytes,
  eventsOf,
  framesOf,
  keepDocument,
  nextNumber,
  putEvent,
  putFrame,
  putIntoLists,
  putRow,
  readRow,
} from './run-rows.js';
import { checked, rowOf } from './run-views.js';

/** Everything of a run; undefined where it is not known. @throws JRNL005 where it is damaged. */
export function storedRun(tables: Tables, runId: string): StoredRun | undefined {
  const row = readRow(tables, runId);
  if (row === undefined) return undefined;
  const frames = framesOf(tables, row.number);
  const good = checked(row, readRun(runId, frames));
  if ('code' in good) throw new DiagnosticError([good]);
  const document = documentBytes(tables, row.document) ?? new Uint8Array(0);
  const events = eventsOf(tables, row.number);
  return { runId, document, frames, events, resumptions: row.resumptions };
}

/** Puts a run of an archive; false where it is known. */
export function putArchived(
  tables: Tables,
  { runId, frames, read, events, ...more }: ArchivedRun,
): boolean {
  if (readRow(tables, runId) !== undefined) return false;
  const { start, document: hash } = read.start;
  const number = nextNumber(tables);
  const { progress } = read;
  const row = { ...rowOf(start, hash), number, progress, resumptions: more.resumptions };
  putRow(tables, row);
  putIntoLists(tables, row);
  frames.forEach((bytes, index) => putFrame(tables, number, index, bytes));
  for (const event of events) putEvent(tables, number, event);
  keepDocument(tables, { hash, bytes: more.document });
  return true;
}

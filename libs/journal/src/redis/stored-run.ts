// A run as Redis gives it: row, frames, events, flow document; checked against one another.
import { DiagnosticError, diagnostic, type Diagnostic } from '@basalt/diagnostics';
import { decodeCanonical, hashBytes } from '@basalt/ir';
import type { DeliveredEvent, RunStart } from '../journal-store.js';
import { decodeEvent } from '../records/event-bytes.js';
import { readRun, type ReadRun } from '../records/read-run.js';
import type { Answer } from './journal-client.js';
import { rowOf, type RedisRunRow } from './redis-run-row.js';

/** Everything of a run that was found. */
export interface FoundRun {
  readonly row: RedisRunRow | undefined;
  readonly frames: readonly Buffer[];
  readonly events: readonly DeliveredEvent[];
  readonly document: Buffer | undefined;
  readonly read: ReadRun;
}

/** The run of the answer of READ and OPEN. */
export function foundRun(runId: string, answer: Answer): FoundRun {
  const [, hash, frames, events, document] = answer as readonly [
    Answer,
    Answer,
    readonly Buffer[],
    readonly Buffer[],
    Buffer | null,
  ];
  return {
    row: rowOf(hash),
    frames,
    events: events.flatMap(eventOf),
    document: document ?? undefined,
    read: readRun(runId, frames),
  };
}

function eventOf(bytes: Buffer): DeliveredEvent[] {
  try {
    return [decodeEvent(bytes)];
  } catch {
    return [];
  }
}

/** The events of the answer of NOTICE. */
export function eventsOf(answer: Answer): readonly DeliveredEvent[] {
  return (answer as readonly Buffer[]).flatMap(eventOf);
}

/** What is wrong with a run; undefined where it is sound. `at` as in JournalFault. */
export function damageOf({
  row,
  read,
  document,
}: FoundRun): { readonly at: number; readonly reason: string } | undefined {
  if (read.fault !== undefined) return read.fault;
  if (row === undefined) return { at: 0, reason: 'its entry in the list of runs is damaged' };
  const { records, chain } = row.progress;
  if (records !== read.progress.records || Buffer.compare(chain, read.progress.chain) !== 0) {
    const missing = records > read.progress.records;
    return {
      at: read.progress.records + 1,
      reason: missing ? 'it is missing' : 'it is not counted',
    };
  }
  if (document === undefined || hashBytes(document) !== row.document) {
    return { at: 0, reason: 'its flow document is damaged or missing' };
  }
  return undefined;
}

/** A sound run with its start. @throws JRNL005 where it is damaged. */
export function soundRun(runId: string, found: FoundRun) {
  const damage = damageOf(found);
  if (damage !== undefined) throw new DiagnosticError([damaged(runId, damage)]);
  const { read, row, document } = found;
  const flowDocument = decodeCanonical(document!);
  const start: RunStart = { ...read.start!.start, flowDocument };
  return { ...found, row: row!, start };
}

function damaged(run: string, { at, reason }: { at: number; reason: string }): Diagnostic {
  return diagnostic.JRNL005({ run, at, reason });
}

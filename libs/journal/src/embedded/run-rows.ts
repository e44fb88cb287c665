// The tables of runs: a row for each run, its frames, what lists need, flow documents once a content,
// and events from outside.
import { createHash } from 'node:crypto';
import { storedKey, type Tables } from '@basalt/capabilities';
import { DiagnosticError, diagnostic } from '@basalt/diagnostics';
import { decodeCanonical, encodeCanonical, type Value } from '@basalt/ir';
import type { DeliveredEvent, RunStart } from '../journal-store.js';
import { decodeEvent, encodeEvent } from '../records/event-bytes.js';
import type { RunProgress } from '../records/run-progress.js';
import type { StoredDocument } from '../records/start-frame.js';
import { listPosition, type ListPosition } from '../run-query.js';

/** What is known of a run without reading its frames. */
export interface RunRow {
  /** Names the run in the other tables; grows with every run, never used again. */
  readonly number: number;
  readonly runId: string;
  readonly flow: RunStart['flow'];
  readonly flowHash: string;
  /** Hash of the flow document. */
  readonly document: string;
  readonly startedAt: number;
  /** As far as the frames in the tables go. */
  readonly progress: RunProgress;
  readonly resumptions: number;
  /** The store that has the run; absent where it was given back. */
  readonly owner?: string | undefined;
  /** Why the run is to be cancelled. */
  readonly cancel?: string | undefined;
}

/** The tables of a journal. */
export const JOURNAL_TABLES = [
  'meta',
  'runs',
  'frames',
  'lists',
  'documents',
  'events',
  'ledger',
  'owners',
  'signals',
] as const;

const NEXT_NUMBER = Buffer.from('next');

/** A number that no run has had. */
export function nextNumber(tables: Tables): number {
  const last = tables('meta').get(NEXT_NUMBER)?.readBigUInt64BE(0) ?? 0n;
  const next = Buffer.alloc(8);
  next.writeBigUInt64BE(last + 1n);
  tables('meta').putSync(NEXT_NUMBER, next);
  return Number(last + 1n);
}

function definedOnly(thing: object): Record<string, Value> {
  return Object.fromEntries(Object.entries(thing).filter(([, value]) => value !== undefined));
}

export function putRow(tables: Tables, row: RunRow): void {
  const value = definedOnly({ ...row, progress: definedOnly(row.progress) });
  tables('runs').putSync(storedKey(row.runId), Buffer.from(encodeCanonical(value)));
}

/** @throws JRNL005 where the row is damaged. */
export function readRow(tables: Tables, runId: string): RunRow | undefined {
  const value = tables('runs').get(storedKey(runId));
  if (value === undefined) return undefined;
  try {
    return decodeCanonical(value) as unknown as RunRow;
  } catch {
    const reason = 'its entry in the list of runs is damaged';
    throw new DiagnosticError([diagnostic.JRNL005({ run: runId, at: 0, reason })]);
  }
}

/** The row at a key of the table, as lists name it; undefined where it is damaged. */
export function rowAt(tables: Tables, key: Buffer): RunRow | undefined {
  const value = tables('runs').get(key);
  if (value === undefined) return undefined;
  try {
    return decodeCanonical(value) as unknown as RunRow;
  } catch {
    return undefined;
  }
}

function numberKey(number: number, index: number): Buffer {
  const key = Buffer.alloc(12);
  key.writeBigUInt64BE(BigInt(number));
  key.writeUInt32BE(index, 8);
  return key;
}

const LAST_INDEX = 0xffffffff;
const rangeOf = (number: number, from = 0) => ({
  start: numberKey(number, from),
  end: numberKey(number, LAST_INDEX),
});

export function putFrame(tables: Tables, number: number, index: number, bytes: Uint8Array): void {
  tables('frames').putSync(numberKey(number, index), Buffer.from(bytes));
}

/** The frames of a run, in order. */
export function framesOf(tables: Tables, number: number): Uint8Array[] {
  return [...tables('frames').getRange(rangeOf(number))].map(({ value }) => new Uint8Array(value));
}

/** Removes frames from an index on. */
export function cutFrames(tables: Tables, number: number, from: number): void {
  for (const key of [...tables('frames').getKeys(rangeOf(number, from))]) {
    tables('frames').removeSync(Buffer.from(key));
  }
}

/** The number of the first run that has frames, from `number` on. */
export function nextWithFrames(tables: Tables, number: number): number | undefined {
  for (const key of tables('frames').getKeys({ start: numberKey(number, 0), limit: 1 })) {
    return Number(Buffer.from(key).readBigUInt64BE(0));
  }
  return undefined;
}

export function putEvent(tables: Tables, number: number, event: DeliveredEvent): void {
  const index = tables('events').getKeysCount(rangeOf(number));
  tables('events').putSync(numberKey(number, index), Buffer.from(encodeEvent(event)));
}

export function eventsOf(tables: Tables, number: number): DeliveredEvent[] {
  return [...tables('events').getRange(rangeOf(number))].map(({ value }) => decodeEvent(value));
}

/** What ended runs and open ones are listed under. */
export type ListedStatus = 'open' | NonNullable<RunProgress['outcome']>;

/** A list: all runs, those of one status, or those of one flow (by name or id). */
export type ListName =
  | { readonly kind: 'all' }
  | { readonly kind: 'status'; readonly status: ListedStatus }
  | { readonly kind: 'flow'; readonly flow: string };

function listPrefix(list: ListName): Buffer {
  if (list.kind === 'all') return Buffer.from('a');
  if (list.kind === 'status') return Buffer.from(`s${list.status}\0`);
  const hash = createHash('sha256').update(list.flow, 'utf16le').digest().subarray(0, 16);
  return Buffer.concat([Buffer.from('f'), hash]);
}

function listKey(prefix: Buffer, { startedAt, number }: ListPosition): Buffer {
  const place = Buffer.alloc(16);
  place.writeBigUInt64BE(BigInt(startedAt));
  place.writeBigUInt64BE(BigInt(number), 8);
  return Buffer.concat([prefix, place]);
}

const listedStatus = ({ progress }: RunRow): ListedStatus => progress.outcome ?? 'open';

/** The lists that a run is in. */
function listsOf(row: RunRow): Buffer[] {
  const flows = new Set([row.flow.name, row.flow.id]);
  const names: ListName[] = [
    { kind: 'all' },
    { kind: 'status', status: listedStatus(row) },
    ...[...flows].map((flow) => ({ kind: 'flow', flow }) as const),
  ];
  const at = listPosition(row.startedAt, row.number);
  return names.map((name) => listKey(listPrefix(name), at));
}

export function putIntoLists(tables: Tables, row: RunRow): void {
  for (const key of listsOf(row)) tables('lists').putSync(key, storedKey(row.runId));
}

export function removeFromLists(tables: Tables, row: RunRow): void {
  for (const key of listsOf(row)) tables('lists').removeSync(key);
}

/** The rows of a list, newest first, after a place in it. */
export function* rowsOfList(
  tables: Tables,
  list: ListName,
  after: ListPosition | undefined,
): Generator<RunRow> {
  const prefix = listPrefix(list);
  const start = after ? listKey(prefix, after) : Buffer.concat([prefix, Buffer.alloc(16, 0xff)]);
  const end = Buffer.concat([prefix, Buffer.alloc(1)]);
  for (const { key, value } of tables('lists').getRange({ start, end, reverse: true })) {
    if (after !== undefined && Buffer.compare(Buffer.from(key), start) === 0) continue;
    const row = rowAt(tables, Buffer.from(value));
    if (row !== undefined) yield row;
  }
}

/** Keeps a document once more. A value is how many runs have it (4 bytes), then its bytes. */
export function keepDocument(tables: Tables, { hash, bytes }: StoredDocument): void {
  const key = Buffer.from(hash, 'hex');
  const known = tables('documents').get(key);
  const value = known === undefined ? Buffer.concat([Buffer.alloc(4), bytes]) : Buffer.from(known);
  value.writeUInt32BE(value.readUInt32BE(0) + 1, 0);
  tables('documents').putSync(key, value);
}

export function documentBytes(tables: Tables, hash: string): Uint8Array | undefined {
  const value = tables('documents').get(Buffer.from(hash, 'hex'));
  return value && new Uint8Array(value.subarray(4));
}

function dropDocument(tables: Tables, hash: string): void {
  const key = Buffer.from(hash, 'hex');
  const known = tables('documents').get(key);
  if (known === undefined) return;
  const value = Buffer.from(known);
  const left = value.readUInt32BE(0) - 1;
  if (left <= 0) {
    tables('documents').removeSync(key);
    return;
  }
  value.writeUInt32BE(left, 0);
  tables('documents').putSync(key, value);
}

/** Removes a run from all tables. */
export function removeRun(tables: Tables, row: RunRow): void {
  removeFromLists(tables, row);
  cutFrames(tables, row.number, 0);
  for (const key of [...tables('events').getKeys(rangeOf(row.number))]) {
    tables('events').removeSync(Buffer.from(key));
  }
  dropDocument(tables, row.document);
  tables('runs').removeSync(storedKey(row.runId));
}

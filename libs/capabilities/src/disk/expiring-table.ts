// Records that may end, in an LMDB table: eight bytes of end time (float64, little-endian, Infinity
// when there is none), then the value. Every write looks at two more records, in key order, so that
// what has ended cannot outgrow what lives.
import type { Table } from './table-store.js';

const HEADER_BYTES = 8;
const SWEEP_PER_WRITE = 2;
const FIRST_KEY = Buffer.of(0);

/** Where the sweep goes on; one for each table, shared by all openers. */
export interface SweepCursor {
  next: Buffer;
}

/** A cursor at the first key. */
export function sweepCursor(): SweepCursor {
  return { next: FIRST_KEY };
}

function endOf(record: Buffer): number {
  return record.readDoubleLE(0);
}

/** The value of a record that has not ended, as a copy. */
export function readRecord(table: Table, key: Buffer, now: number): Uint8Array | undefined {
  const record = table.get(key);
  if (record === undefined || endOf(record) <= now) return undefined;
  return new Uint8Array(record.subarray(HEADER_BYTES));
}

/** The bytes of a record. */
export function recordOf(value: Uint8Array, endsAt: number): Buffer {
  const record = Buffer.allocUnsafe(HEADER_BYTES + value.byteLength);
  record.writeDoubleLE(endsAt, 0);
  record.set(value, HEADER_BYTES);
  return record;
}

/** Removes what has ended among the next records. Only within a write. */
export function sweepSome(table: Table, cursor: SweepCursor, now: number): void {
  const found = [...table.getRange({ start: cursor.next, limit: SWEEP_PER_WRITE + 1 })];
  cursor.next = found.length > SWEEP_PER_WRITE ? Buffer.from(found.pop()!.key) : FIRST_KEY;
  for (const { key, value } of found) if (endOf(value) <= now) table.removeSync(Buffer.from(key));
}

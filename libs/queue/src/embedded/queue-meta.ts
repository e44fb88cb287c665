// What a queue knows about itself: its numbers, counts and totals, in one record that every change of
// the queue reads and writes.
import { crc32 } from 'node:zlib';

const FIELDS = [
  /** The number of the job that came last. */
  'seq',
  'deadSeq',
  'chunkSeq',
  'paused',
  /** Whether ready jobs are also listed by flow. */
  'flowIndexed',
  /** Most deliveries at a time of one partition that a live worker allows. */
  'perKey',
  'ready',
  'delayed',
  'active',
  'parked',
  'dead',
  'finished',
  'totalEnqueued',
  'totalDone',
  'totalRetried',
  'totalDead',
  'totalDuplicates',
  'rateStart',
  'rateCount',
  /** The latest time that the wall clock has shown at a change, to see where it is set back. */
  'clock',
] as const;

export type QueueMeta = Record<(typeof FIELDS)[number], number>;

const BYTES = 4 + FIELDS.length * 8;

const NEW = { ...(Object.fromEntries(FIELDS.map((field) => [field, 0])) as QueueMeta), perKey: 1 };

/** That of a queue which was just made. */
export function newMeta(): QueueMeta {
  return { ...NEW };
}

export function encodeMeta(meta: QueueMeta): Buffer {
  const record = Buffer.allocUnsafe(BYTES);
  for (const [i, field] of FIELDS.entries()) record.writeDoubleBE(meta[field], 4 + i * 8);
  record.writeUInt32BE(crc32(record.subarray(4)), 0);
  return record;
}

/** The meta of a record; undefined where it is damaged. */
export function decodeMeta(bytes: Uint8Array): QueueMeta | undefined {
  const record = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (record.byteLength !== BYTES || record.readUInt32BE(0) !== crc32(record.subarray(4))) {
    return undefined;
  }
  const meta = newMeta();
  for (const [i, field] of FIELDS.entries()) meta[field] = record.readDoubleBE(4 + i * 8);
  return meta;
}

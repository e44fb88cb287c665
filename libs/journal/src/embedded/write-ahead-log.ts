// The log of one process: where the records of its runs are first made durable, at the price of one
// flush; a commit of LMDB needs two. Its records go into the tables when the run ends, when the file is
// full, or a second later, and the file is used again from its start.
//
// A batch begins at a multiple of the block size, so that no write touches what was acknowledged before,
// and carries a checksum over everything in it: a batch that was torn by a crash is not read, and what
// was acknowledged is never torn. Batches of one pass over the file have one generation.
import { readFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { BLOCK_BYTES, FlushedFile, blockMemory } from '@basalt/capabilities';

const MAGIC = 0x4c415742;
/** magic, generation, number of the batch, bytes of its entries, checksum: four bytes each. */
const HEADER_BYTES = 20;
const CHECKED_FROM = 4;
/** number of the run (8), index of the frame (4), bytes of the name (4) and of the frame (4). */
const ENTRY_BYTES = 20;

/** A frame in the log. */
export interface LogEntry {
  readonly runId: string;
  /** The number of the run in the tables. */
  readonly number: number;
  /** 1 for the first record. */
  readonly index: number;
  readonly bytes: Uint8Array;
}

function sizeOf(entries: readonly LogEntry[]): number {
  let size = HEADER_BYTES;
  for (const { runId, bytes } of entries) {
    size += ENTRY_BYTES + Buffer.byteLength(runId) + bytes.length;
  }
  return size;
}

function writeBatch(
  target: Buffer,
  entries: readonly LogEntry[],
  generation: number,
  batch: number,
) {
  let at = HEADER_BYTES;
  for (const { runId, number, index, bytes } of entries) {
    const name = target.write(runId, at + ENTRY_BYTES);
    target.writeBigUInt64LE(BigInt(number), at);
    target.writeUInt32LE(index, at + 8);
    target.writeUInt32LE(name, at + 12);
    target.writeUInt32LE(bytes.length, at + 16);
    target.set(bytes, at + ENTRY_BYTES + name);
    at += ENTRY_BYTES + name + bytes.length;
  }
  target.writeUInt32LE(MAGIC, 0);
  target.writeUInt32LE(generation, 4);
  target.writeUInt32LE(batch, 8);
  target.writeUInt32LE(at - HEADER_BYTES, 12);
  target.writeUInt32LE(checksumOf(target, at), 16);
}

/** Over everything but the magic and the checksum itself. */
function checksumOf(batch: Buffer, end: number): number {
  const head = crc32(batch.subarray(CHECKED_FROM, HEADER_BYTES - 4));
  return crc32(batch.subarray(HEADER_BYTES, end), head);
}

/** A log that is being written. Its calls are synchronous: about one flush each. */
export class WriteAheadLog {
  readonly #file: FlushedFile;
  /** Zeros and older batches: what lies behind a batch is no other memory of this process. */
  #memory = blockMemory(4 * BLOCK_BYTES);
  #generation = 1;
  #batch = 0;
  #position = 0;

  /** Makes the file, which must not exist. @param size bytes, a multiple of 4096. */
  constructor(path: string, size: number) {
    this.#file = new FlushedFile(path, size);
  }

  /** Batches since the last reset. */
  get batches(): number {
    return this.#batch;
  }

  /** Writes one batch and flushes it; false where it does not fit, and nothing was written. */
  append(entries: readonly LogEntry[]): boolean {
    const size = Math.ceil(sizeOf(entries) / BLOCK_BYTES) * BLOCK_BYTES;
    if (this.#position + size > this.#file.size) return false;
    if (this.#memory.length < size) this.#memory = blockMemory(size);
    const batch = this.#memory.subarray(0, size);
    writeBatch(batch, entries, this.#generation, this.#batch + 1);
    this.#file.write(batch, this.#position);
    this.#batch += 1;
    this.#position += size;
    return true;
  }

  /** False where somebody has taken the file away: what was written is then not read by anybody. */
  isInPlace(): boolean {
    return this.#file.isInPlace();
  }

  /** Begins at the start again: everything in it is in the tables. */
  reset(): void {
    if (this.#batch === 0) return;
    this.#generation = (this.#generation + 1) >>> 0;
    this.#batch = 0;
    this.#position = 0;
  }

  /** Closes the file and leaves it. */
  close(): void {
    this.#file.close();
  }

  /** Closes and removes the file. */
  remove(): void {
    this.#file.remove();
  }
}

/** The entries of a log, in order, up to the first batch that is not whole. What it gives may be in the
 * tables already. Nothing where there is no file. */
export function readLog(path: string): LogEntry[] {
  let content: Buffer;
  try {
    content = readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  const entries: LogEntry[] = [];
  let generation: number | undefined;
  for (let at = 0, number = 1; at + HEADER_BYTES <= content.length; number += 1) {
    const batch = content.subarray(at);
    const end = HEADER_BYTES + batch.readUInt32LE(12);
    generation ??= batch.readUInt32LE(4);
    const whole =
      batch.readUInt32LE(0) === MAGIC &&
      batch.readUInt32LE(4) === generation &&
      batch.readUInt32LE(8) === number &&
      end <= batch.length &&
      batch.readUInt32LE(16) === checksumOf(batch, end);
    if (!whole || !readEntries(batch.subarray(HEADER_BYTES, end), entries)) break;
    at += Math.ceil(end / BLOCK_BYTES) * BLOCK_BYTES;
  }
  return entries;
}

/** Adds the entries of a batch; false where they do not fill it exactly. */
function readEntries(batch: Buffer, entries: LogEntry[]): boolean {
  let at = 0;
  const found: LogEntry[] = [];
  while (at + ENTRY_BYTES <= batch.length) {
    const nameEnd = at + ENTRY_BYTES + batch.readUInt32LE(at + 12);
    const end = nameEnd + batch.readUInt32LE(at + 16);
    if (end > batch.length) return false;
    found.push({
      runId: batch.toString('utf8', at + ENTRY_BYTES, nameEnd),
      number: Number(batch.readBigUInt64LE(at)),
      index: batch.readUInt32LE(at + 8),
      bytes: new Uint8Array(batch.subarray(nameEnd, end)),
    });
    at = end;
  }
  if (at !== batch.length) return false;
  entries.push(...found);
  return true;
}

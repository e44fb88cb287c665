// The log of one process's commits to the tables of a store: what each of them has put and removed, and
// its number in the order of all commits of all processes. A commit is acknowledged when its record is
// here, which is one flush; the tables themselves are flushed now and then.
//
// A record begins at a multiple of the block size, so that no write touches what was acknowledged
// before, and carries a checksum over everything in it: a record that was torn is not read, and what was
// acknowledged is never torn. Records of one pass over the file have one generation.
import { readFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { BLOCK_BYTES, FlushedFile } from './flushed-file.js';
import { readChanges, type Change } from './table-changes.js';

const MAGIC = 0x4f444552;
/** magic, generation, number of the record in the pass, bytes, checksum (four bytes each), numbers of
 * the commit and of the one before (eight each). */
export const RECORD_HEADER_BYTES = 36;
const CHECKED_FROM = 4;
const CHECKSUM_AT = 16;

/** Over everything but the magic and the checksum itself. */
function checksumOf(record: Buffer, end: number): number {
  const head = crc32(record.subarray(CHECKED_FROM, CHECKSUM_AT));
  return crc32(record.subarray(CHECKSUM_AT + 4, end), head);
}

/** One commit. */
export interface RedoRecord {
  /** Grows from one to the next over all processes; numbers of commits that failed are left out. */
  readonly commit: number;
  /** The commit that it follows; 0 for the first one. */
  readonly previous: number;
  readonly changes: readonly Change[];
}

export class RedoLog {
  readonly #file: FlushedFile;
  #generation = 1;
  #records = 0;
  #position = 0;
  #last = 0;

  /** Makes the file, which must not exist. @param size bytes, a multiple of 4096. */
  constructor(path: string, size: number) {
    this.#file = new FlushedFile(path, size);
  }

  get size(): number {
    return this.#file.size;
  }

  /** Bytes that are taken. */
  get used(): number {
    return this.#position;
  }

  fits(bytes: number): boolean {
    return this.#position + Math.ceil(bytes / BLOCK_BYTES) * BLOCK_BYTES <= this.#file.size;
  }

  /** Writes a record that fits and flushes it. @param memory from `blockMemory`; the record is in its
   * first `end` bytes, behind room for a header, and up to the next block is zeros or older records. */
  append(commit: number, previous: number, memory: Buffer, end: number): void {
    const size = Math.ceil(end / BLOCK_BYTES) * BLOCK_BYTES;
    memory.writeUInt32LE(MAGIC, 0);
    memory.writeUInt32LE(this.#generation, 4);
    memory.writeUInt32LE(this.#records + 1, 8);
    memory.writeUInt32LE(end, 12);
    memory.writeBigUInt64LE(BigInt(commit), 20);
    memory.writeBigUInt64LE(BigInt(previous), 28);
    memory.writeUInt32LE(checksumOf(memory, end), CHECKSUM_AT);
    this.#file.write(memory.subarray(0, size), this.#position);
    this.#records += 1;
    this.#last = this.#position;
    this.#position += size;
  }

  /** Takes the last record back, whose commit has failed. */
  takeBack(): void {
    this.#file.write(Buffer.alloc(BLOCK_BYTES), this.#last);
    this.#records -= 1;
    this.#position = this.#last;
  }

  /** Begins at the start again: everything in it is in the tables, on disk. */
  reset(): void {
    this.#generation = (this.#generation + 1) >>> 0;
    this.#records = 0;
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

/** The records of a log, in order, up to the first one that is not whole. */
export function readRedoLog(path: string): RedoRecord[] {
  let content: Buffer;
  try {
    content = readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  const records: RedoRecord[] = [];
  let generation: number | undefined;
  for (let at = 0; at + RECORD_HEADER_BYTES <= content.length;) {
    const record = content.subarray(at);
    const end = record.readUInt32LE(12);
    generation ??= record.readUInt32LE(4);
    const whole =
      record.readUInt32LE(0) === MAGIC &&
      record.readUInt32LE(4) === generation &&
      record.readUInt32LE(8) === records.length + 1 &&
      end >= RECORD_HEADER_BYTES &&
      end <= record.length &&
      record.readUInt32LE(CHECKSUM_AT) === checksumOf(record, end);
    if (!whole) break;
    const changes = readChanges(record.subarray(RECORD_HEADER_BYTES, end));
    if (changes === undefined) break;
    const commit = Number(record.readBigUInt64LE(20));
    records.push({ commit, previous: Number(record.readBigUInt64LE(28)), changes });
    at += Math.ceil(end / BLOCK_BYTES) * BLOCK_BYTES;
  }
  return records;
}

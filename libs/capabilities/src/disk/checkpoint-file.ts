// Which state of an LMDB database is on disk for certain, where its commits are not flushed: the meta
// page of that state. The file has two places that are written in turn, so that one of them is whole
// whatever happens. It lies beside the database: who copies one copies the other.
import { randomUUID } from 'node:crypto';
import { closeSync, fdatasyncSync, openSync, readSync, writeSync } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { BLOCK_BYTES } from './flushed-file.js';
import { META_PAGE_BYTES, decodeMeta, type LmdbMeta } from './lmdb-meta.js';
import { replaceFile } from './replace-file.js';

const MAGIC = 0x4b504843;
/** magic, checksum, number of the checkpoint, 1 where a meta page follows: 4, 4, 8 and 4 bytes. */
const HEADER_BYTES = 20;
const SLOT_BYTES = HEADER_BYTES + META_PAGE_BYTES;
const SLOTS = 2;

interface Slot {
  readonly number: number;
  readonly meta: LmdbMeta | undefined;
}

function decodeSlot(slot: Buffer): Slot | undefined {
  if (slot.readUInt32LE(0) !== MAGIC || slot.readUInt32LE(4) !== crc32(slot.subarray(8))) {
    return undefined;
  }
  const number = Number(slot.readBigUInt64LE(8));
  if (slot.readUInt32LE(16) === 0) return { number, meta: undefined };
  const meta = decodeMeta(slot.subarray(HEADER_BYTES));
  return meta && { number, meta };
}

export class CheckpointFile {
  readonly #file: number;

  private constructor(file: number) {
    this.#file = file;
  }

  /** Opens the file of a database, which is made when missing. @param lmdb its folder. */
  static async open(lmdb: string): Promise<CheckpointFile> {
    const path = join(lmdb, 'checkpoint');
    await access(path).catch(async () => {
      await mkdir(lmdb, { recursive: true });
      await replaceFile(`${path}.${randomUUID()}`, path, Buffer.alloc(SLOTS * BLOCK_BYTES));
    });
    return new CheckpointFile(openSync(path, 'r+'));
  }

  #newest(): Slot {
    let newest: Slot = { number: 0, meta: undefined };
    const slot = Buffer.alloc(SLOT_BYTES);
    for (let at = 0; at < SLOTS; at += 1) {
      slot.fill(0);
      readSync(this.#file, slot, 0, SLOT_BYTES, at * BLOCK_BYTES);
      const found = decodeSlot(Buffer.from(slot));
      if (found !== undefined && found.number > newest.number) newest = found;
    }
    return newest;
  }

  /** The state that is on disk; undefined where every state that the database shows is. */
  read(): LmdbMeta | undefined {
    return this.#newest().meta;
  }

  /** Names the state that is on disk from now on. One process at a time may write. */
  write(meta: LmdbMeta | undefined): void {
    const number = this.#newest().number + 1;
    const slot = Buffer.alloc(SLOT_BYTES);
    slot.writeUInt32LE(MAGIC, 0);
    slot.writeBigUInt64LE(BigInt(number), 8);
    slot.writeUInt32LE(meta === undefined ? 0 : 1, 16);
    if (meta !== undefined) slot.set(meta.page, HEADER_BYTES);
    slot.writeUInt32LE(crc32(slot.subarray(8)), 4);
    writeSync(this.#file, slot, 0, SLOT_BYTES, (number % SLOTS) * BLOCK_BYTES);
    fdatasyncSync(this.#file);
  }

  close(): void {
    closeSync(this.#file);
  }
}

// What a transaction has put into tables and removed from them, in order, as bytes. A change names its
// table by a number that the bytes have declared before.
import { BLOCK_BYTES, blockMemory } from './flushed-file.js';

/** A change of a table. Without a value it is a removal. */
export interface Change {
  readonly table: string;
  readonly key: Buffer;
  readonly value?: Buffer;
}

const TABLE = 1;
const PUT = 2;
const REMOVE = 3;
/** kind, number of the table, bytes of the key (2) and of the value (4). */
const HEAD_BYTES = 8;
/** What is kept of the memory from one transaction to the next. */
const KEPT_BYTES = 2 ** 20;

/** Gathers changes in memory that can be written to a log as it is. */
export class TableChanges {
  readonly #from: number;
  #memory = blockMemory(16 * BLOCK_BYTES);
  #end: number;
  #tables: string[] = [];

  /** @param from bytes that are left free at the start. */
  constructor(from: number) {
    this.#from = from;
    this.#end = from;
  }

  get isEmpty(): boolean {
    return this.#end === this.#from;
  }

  get memory(): Buffer {
    return this.#memory;
  }

  /** Where the changes end in the memory. */
  get end(): number {
    return this.#end;
  }

  clear(): void {
    this.#end = this.#from;
    this.#tables = [];
    if (this.#memory.length > KEPT_BYTES) this.#memory = blockMemory(16 * BLOCK_BYTES);
  }

  put(table: string, key: Uint8Array, value: Uint8Array): void {
    this.#add(PUT, table, key, value);
  }

  remove(table: string, key: Uint8Array): void {
    this.#add(REMOVE, table, key, undefined);
  }

  #add(kind: number, table: string, key: Uint8Array, value: Uint8Array | undefined): void {
    let number = this.#tables.indexOf(table);
    if (number < 0) {
      number = this.#tables.push(table) - 1;
      this.#write(TABLE, number, Buffer.from(table), undefined);
    }
    this.#write(kind, number, key, value);
  }

  #write(kind: number, number: number, key: Uint8Array, value: Uint8Array | undefined): void {
    const size = value?.length ?? 0;
    const end = this.#end + HEAD_BYTES + key.length + size;
    if (end > this.#memory.length) this.#grow(end);
    const memory = this.#memory;
    let at = this.#end;
    memory[at] = kind;
    memory[at + 1] = number;
    memory.writeUInt16LE(key.length, at + 2);
    memory.writeUInt32LE(size, at + 4);
    at += HEAD_BYTES;
    memory.set(key, at);
    if (value !== undefined) memory.set(value, at + key.length);
    this.#end = end;
  }

  #grow(bytes: number): void {
    const blocks = Math.ceil((2 * bytes) / BLOCK_BYTES);
    const grown = blockMemory(blocks * BLOCK_BYTES);
    grown.set(this.#memory.subarray(0, this.#end));
    this.#memory = grown;
  }
}

/** The changes of bytes that `TableChanges` has made; undefined where they are none. */
export function readChanges(bytes: Buffer): Change[] | undefined {
  const tables: string[] = [];
  const changes: Change[] = [];
  let at = 0;
  while (at + HEAD_BYTES <= bytes.length) {
    const kind = bytes[at]!;
    const number = bytes[at + 1]!;
    const from = at + HEAD_BYTES;
    const keyEnd = from + bytes.readUInt16LE(at + 2);
    const end = keyEnd + bytes.readUInt32LE(at + 4);
    if (end > bytes.length) return undefined;
    const key = Buffer.from(bytes.subarray(from, keyEnd));
    const table = tables[number];
    if (kind === TABLE && number === tables.length) tables.push(key.toString());
    else if (table === undefined) return undefined;
    else if (kind === PUT)
      changes.push({ table, key, value: Buffer.from(bytes.subarray(keyEnd, end)) });
    else if (kind === REMOVE && end === keyEnd) changes.push({ table, key });
    else return undefined;
    at = end;
  }
  return at === bytes.length ? changes : undefined;
}

// The two meta pages of an LMDB file, of which the newer one names the state of the database: by the
// layout of mdb.c (MDB_page, MDB_meta) in lmdb 3.5.
import { readSync, writeSync } from 'node:fs';

/** Bytes of a page before the meta record. */
const PAGE_HEADER = 24;
/** Bytes at the start of a meta page that say something. */
export const META_PAGE_BYTES = PAGE_HEADER + 136;
const MAGIC = 0xbeefc0de;
const AT = { magic: 0, pageSize: 24, freeRoot: 64, mainRoot: 112, lastPage: 120, transaction: 128 };
const SMALLEST_PAGE = 512;
const LARGEST_PAGE = 65_536;

export interface LmdbMeta {
  readonly pageSize: number;
  readonly lastPage: bigint;
  /** Of the free pages, and of all tables. */
  readonly roots: readonly bigint[];
  readonly transaction: bigint;
  /** The page as it is in the file. */
  readonly page: Buffer;
}

/** The meta record of a page; undefined where it is none. */
export function decodeMeta(page: Buffer): LmdbMeta | undefined {
  if (page.byteLength < META_PAGE_BYTES) return undefined;
  const meta = page.subarray(PAGE_HEADER);
  const pageSize = meta.readUInt32LE(AT.pageSize);
  const sane =
    meta.readUInt32LE(AT.magic) === MAGIC &&
    pageSize >= SMALLEST_PAGE &&
    pageSize <= LARGEST_PAGE &&
    Number.isInteger(Math.log2(pageSize));
  if (!sane) return undefined;
  return {
    pageSize,
    lastPage: meta.readBigUInt64LE(AT.lastPage),
    roots: [meta.readBigUInt64LE(AT.freeRoot), meta.readBigUInt64LE(AT.mainRoot)],
    transaction: meta.readBigUInt64LE(AT.transaction),
    page,
  };
}

function metaAt(file: number, position: number): LmdbMeta | undefined {
  const page = Buffer.alloc(META_PAGE_BYTES);
  return decodeMeta(page.subarray(0, readSync(file, page, 0, page.byteLength, position)));
}

/** The newer meta page; undefined where the file has not two of them. */
export function newestMeta(file: number): LmdbMeta | undefined {
  const first = metaAt(file, 0);
  const second = first && metaAt(file, first.pageSize);
  if (!first || !second) return undefined;
  return first.transaction > second.transaction ? first : second;
}

/** Makes a state that the database has had the one that it has. @param meta its meta page. */
export function putMeta(file: number, meta: LmdbMeta): void {
  for (const number of [0n, 1n]) {
    const page = Buffer.from(meta.page);
    page.writeBigUInt64LE(number, 0);
    writeSync(file, page, 0, page.byteLength, Number(number) * meta.pageSize);
  }
}

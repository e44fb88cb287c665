// LMDB maps its file and trusts it: opening one that was cut off or overwritten ends the process. So
// the two meta pages are read first, by the layout of mdb.c (MDB_page, MDB_meta) in lmdb 3.5.
import { open, type FileHandle } from 'node:fs/promises';
import { treesLieWithin } from './lmdb-page-walk.js';

/** Bytes of a page before the meta record. */
const PAGE_HEADER = 24;
const META_BYTES = 136;
const MAGIC = 0xbeefc0de;
const AT = { magic: 0, pageSize: 24, freeRoot: 64, mainRoot: 112, lastPage: 120, transaction: 128 };
const SMALLEST_PAGE = 512;
const LARGEST_PAGE = 65_536;

interface Meta {
  readonly pageSize: number;
  readonly lastPage: bigint;
  /** Of the free pages, and of all tables. */
  readonly roots: readonly bigint[];
  readonly transaction: bigint;
}

function readMeta(page: Buffer): Meta | undefined {
  if (page.byteLength < PAGE_HEADER + META_BYTES) return undefined;
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
  };
}

async function newestMeta(file: FileHandle): Promise<Meta | undefined> {
  const readPage = async (position: number) => {
    const buffer = Buffer.alloc(PAGE_HEADER + META_BYTES);
    const { bytesRead } = await file.read(buffer, 0, buffer.byteLength, position);
    return readMeta(buffer.subarray(0, bytesRead));
  };
  const first = await readPage(0);
  const second = first && (await readPage(first.pageSize));
  if (!first || !second) return undefined;
  return first.transaction > second.transaction ? first : second;
}

/** Why the LMDB file cannot be opened; undefined when it may be, or does not exist. Finds files that
 * are cut off or are something else; it reads the trees only where the file is shorter than its pages. */
export async function lmdbFileProblem(path: string): Promise<string | undefined> {
  let file;
  try {
    file = await open(path, 'r');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? undefined : message;
  }
  try {
    if ((await file.stat()).size === 0) return undefined;
    const meta = await newestMeta(file);
    if (!meta) return 'its database is damaged or is none';
    const { pageSize, roots, transaction } = meta;
    // Asked for after the meta page: a process that commits in between has made the file longer first.
    const { size } = await file.stat();
    const needed = (meta.lastPage + 1n) * BigInt(pageSize);
    if (BigInt(size) >= needed || (await treesLieWithin(file, roots, { size, pageSize }))) {
      return undefined;
    }
    // Where a process writes meanwhile, pages change while they are read; it has the file open, though.
    if ((await newestMeta(file))?.transaction !== transaction) return undefined;
    return `its database is cut off: ${size} bytes of ${needed}`;
  } finally {
    await file.close();
  }
}

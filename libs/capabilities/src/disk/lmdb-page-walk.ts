// Whether every page that the trees of an LMDB file use lies within the file. LMDB does not write pages
// at the end that a transaction has taken and given back, so a sound file may be shorter than its meta
// page says; one that was cut off lacks pages that are in use. By the layout of mdb.c (MDB_page,
// MDB_node, MDB_db) in lmdb 3.5.
import type { FileHandle } from 'node:fs/promises';

/** Offsets in a page; `lower` and the places of nodes are counted from `entries` on. */
const PAGE = { flags: 18, lower: 20, entries: 24 };
const BRANCH = 0x01;
const LEAF = 0x02;
const NODE_HEADER = 8;
const BIG_DATA = 0x01;
const SUB_DATA = 0x02;
const DB_ROOT = 40;
const DB_BYTES = 48;
/** The root of a tree without entries. */
const NOWHERE = 2n ** 64n - 1n;

/** Reads every page of the trees: linear in the size of the file. False for a page that is none, too. */
export async function treesLieWithin(
  file: FileHandle,
  roots: readonly bigint[],
  { size, pageSize }: { readonly size: number; readonly pageSize: number },
): Promise<boolean> {
  const pages = BigInt(Math.floor(size / pageSize));
  const open = roots.filter((root) => root !== NOWHERE);
  const page = Buffer.alloc(pageSize);
  for (let left = pages; open.length > 0; left -= 1n) {
    const number = open.pop()!;
    // More pages than there are: they go round in a circle.
    if (number >= pages || left === 0n) return false;
    await file.read(page, 0, pageSize, Number(number) * pageSize);
    const used = pagesUsedBy(page, pageSize);
    if (used === undefined || used.ends.some((end) => end > pages)) return false;
    open.push(...used.trees);
  }
  return true;
}

/** The pages that a page leads to, and the ends of the runs of pages that its large values take. */
function pagesUsedBy(
  page: Buffer,
  pageSize: number,
): { readonly trees: readonly bigint[]; readonly ends: readonly bigint[] } | undefined {
  const flags = page.readUInt16LE(PAGE.flags);
  const end = PAGE.entries + page.readUInt16LE(PAGE.lower);
  const isBranch = (flags & BRANCH) !== 0;
  if ((!isBranch && (flags & LEAF) === 0) || end > pageSize) return undefined;
  const trees: bigint[] = [];
  const ends: bigint[] = [];
  for (let at = PAGE.entries; at < end; at += 2) {
    const node = PAGE.entries + page.readUInt16LE(at);
    if (node + NODE_HEADER > pageSize) return undefined;
    const low = BigInt(page.readUInt32LE(node));
    const nodeFlags = page.readUInt16LE(node + 4);
    if (isBranch) {
      trees.push(low | (BigInt(nodeFlags) << 32n));
      continue;
    }
    const data = node + NODE_HEADER + page.readUInt16LE(node + 6);
    if ((nodeFlags & (BIG_DATA | SUB_DATA)) === 0) continue;
    if (data + ((nodeFlags & SUB_DATA) === 0 ? 8 : DB_BYTES) > pageSize) return undefined;
    if ((nodeFlags & SUB_DATA) !== 0) {
      const root = page.readBigUInt64LE(data + DB_ROOT);
      if (root !== NOWHERE) trees.push(root);
    } else {
      const taken = (BigInt(PAGE.entries - 1) + low) / BigInt(pageSize) + 1n;
      ends.push(page.readBigUInt64LE(data) + taken);
    }
  }
  return { trees, ends };
}

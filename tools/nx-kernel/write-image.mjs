// Writes images of files in the format of kernels/image-files/include/image/files.h: for the tests of the
// reader and for the disks of guests.
import { blake3 } from '@noble/hashes/blake3.js';

const HEADER = 64;
const ENTRY = 64;
const ALIGNMENT = 512;
const ROOT = 0xffffffff;

const aligned = (bytes) => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;

/** Every folder of the paths. */
function foldersOf(paths) {
  const folders = new Set();
  for (const path of paths) {
    const parts = path.split('/').slice(0, -1);
    parts.forEach((_, at) => folders.add(parts.slice(0, at + 1).join('/')));
  }
  return folders;
}

/** The image of files: an object of contents by path, each a Uint8Array; `executable` has the paths of
 * those that can be executed. Paths are taken as they are, so that tests can write wrong ones. */
export function writeImage(files, { executable = new Set() } = {}) {
  const folders = foldersOf(Object.keys(files));
  const all = [...Object.keys(files), ...folders].map((path) => Buffer.from(path, 'utf8'));
  all.sort(Buffer.compare);
  const paths = all.map((path) => path.toString('utf8'));
  const names = Buffer.concat(all);
  const entries = Buffer.alloc(ENTRY * all.length);
  const contents = [];
  let nameAt = 0;
  let offset = aligned(HEADER + entries.length + names.length);
  paths.forEach((path, at) => {
    const entry = entries.subarray(at * ENTRY, (at + 1) * ENTRY);
    const folder = folders.has(path);
    const data = folder ? new Uint8Array(0) : files[path];
    const around = path.includes('/') ? paths.indexOf(path.slice(0, path.lastIndexOf('/'))) : ROOT;
    entry.writeBigUInt64LE(BigInt(data.length > 0 ? offset : 0), 0);
    entry.writeBigUInt64LE(BigInt(data.length), 8);
    entry.writeUInt32LE(nameAt, 16);
    entry.writeUInt16LE(all[at].length, 20);
    entry[22] = folder ? 2 : 1;
    entry[23] = executable.has(path) ? 1 : 0;
    entry.writeUInt32LE(around, 24);
    if (!folder) entry.set(blake3(data), 32);
    nameAt += all[at].length;
    if (data.length > 0) contents.push(data, new Uint8Array(aligned(data.length) - data.length));
    offset += aligned(data.length);
  });
  const header = Buffer.alloc(HEADER);
  header.write('BSIMAGE1', 0, 'latin1');
  header.writeUInt32LE(all.length, 8);
  header.writeUInt32LE(names.length, 12);
  header.writeBigUInt64LE(BigInt(offset), 16);
  header.set(blake3(Buffer.concat([header.subarray(0, 32), entries, names])), 32);
  const index = Buffer.concat([header, entries, names]);
  const padding = Buffer.alloc(aligned(index.length) - index.length);
  return Buffer.concat([index, padding, ...contents]);
}

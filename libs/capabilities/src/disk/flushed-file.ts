// A file of fixed size each of whose writes is on disk when the call returns: what logs are written to.
// It is written once when it is made, so that a write changes no metadata and costs one flush. Where
// the system lets it, a write goes to the disk past the cache of the system (O_DIRECT) and is flushed by
// the same call (O_DSYNC), which was measured to be an eighth faster than a write and a flush.
import {
  closeSync,
  constants,
  fdatasyncSync,
  fsyncSync,
  openSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

/** Where writes begin, and what their sizes are multiples of. */
export const BLOCK_BYTES = 4096;
const WASM_PAGE_BYTES = 65_536;

/** What is used of it here: its types come only with those of browsers. */
declare const WebAssembly: {
  readonly Memory: new (limits: { readonly initial: number }) => { readonly buffer: ArrayBuffer };
};

/** Zeros that begin at a page of the machine's memory, which is what writes past the cache need.
 * A memory of WebAssembly is what JavaScript has that does. It reserves addresses, which a process may
 * be short of; from other memory writes are only slower. */
export function blockMemory(bytes: number): Buffer {
  try {
    const initial = Math.ceil(bytes / WASM_PAGE_BYTES);
    return Buffer.from(new WebAssembly.Memory({ initial }).buffer, 0, bytes);
  } catch {
    return Buffer.alloc(bytes);
  }
}

function writeAll(file: number, bytes: Buffer, position: number): void {
  let written = 0;
  while (written < bytes.length) {
    written += writeSync(file, bytes, written, bytes.length - written, position + written);
  }
}

function flushFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** The file opened for writes past the cache; undefined where the system or the disk has no such. */
function openDirect(path: string): number | undefined {
  // Absent where the system has none, whatever the types say.
  const { O_DIRECT, O_DSYNC, O_WRONLY } = constants as Partial<typeof constants>;
  if (O_DIRECT === undefined || O_DSYNC === undefined) return undefined;
  let file: number | undefined;
  try {
    file = openSync(path, O_WRONLY! | O_DIRECT | O_DSYNC);
    writeAll(file, blockMemory(BLOCK_BYTES), 0);
    return file;
  } catch {
    if (file !== undefined) closeSync(file);
    return undefined;
  }
}

/** False where the memory does not lie as such writes need it, and nothing was written. */
function writeDirect(file: number, blocks: Buffer, position: number): boolean {
  try {
    writeAll(file, blocks, position);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EINVAL') return false;
    throw error;
  }
}

export class FlushedFile {
  readonly path: string;
  readonly size: number;
  readonly #file: number;
  readonly #direct: number | undefined;
  readonly #inode: number | undefined;

  /** Makes the file, which must not exist, full of zeros. @param size bytes, a multiple of 4096. */
  constructor(path: string, size: number) {
    this.path = path;
    this.size = size;
    this.#file = openSync(path, 'wx', 0o600);
    try {
      writeAll(this.#file, Buffer.alloc(size), 0);
      fsyncSync(this.#file);
      flushFolder(dirname(path));
      this.#inode = statSync(path).ino;
      this.#direct = openDirect(path);
    } catch (error) {
      this.remove();
      throw error;
    }
  }

  /** Writes and flushes. @param blocks a multiple of 4096 bytes, best from `blockMemory`. */
  write(blocks: Buffer, position: number): void {
    if (this.#direct !== undefined && writeDirect(this.#direct, blocks, position)) return;
    writeAll(this.#file, blocks, position);
    fdatasyncSync(this.#file);
  }

  /** False where somebody has taken the file away: what was written is then not read by anybody. */
  isInPlace(): boolean {
    return statSync(this.path, { throwIfNoEntry: false })?.ino === this.#inode;
  }

  /** Closes the file and leaves it. */
  close(): void {
    closeSync(this.#file);
    if (this.#direct !== undefined) closeSync(this.#direct);
  }

  /** Closes and removes the file. */
  remove(): void {
    this.close();
    if (this.#inode === undefined || this.isInPlace()) rmSync(this.path, { force: true });
  }
}

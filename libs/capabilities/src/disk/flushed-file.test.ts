import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BLOCK_BYTES, FlushedFile, blockMemory } from './flushed-file.js';

// The second one is a file system in memory on most systems, which may know no direct writes.
const PLACES = [tmpdir(), process.platform === 'linux' ? '/dev/shm' : tmpdir()];

describe.each(PLACES)('FlushedFile in %s', (place) => {
  let folder: string;
  let path: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(place, 'basalt-flushed-file-'));
    path = join(folder, 'file');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('holds what was written, wherever, for whoever reads it meanwhile', () => {
    const file = new FlushedFile(path, 8 * BLOCK_BYTES);
    const expected = Buffer.alloc(8 * BLOCK_BYTES);
    expect(readFileSync(path).equals(expected)).toBe(true);
    for (const [position, blocks] of [
      [3, 2],
      [0, 1],
      [4, 4],
      [0, 8],
    ] as const) {
      const bytes = blockMemory(blocks * BLOCK_BYTES).fill(16 * position + blocks);
      file.write(bytes, position * BLOCK_BYTES);
      expected.set(bytes, position * BLOCK_BYTES);
      expect(readFileSync(path).equals(expected)).toBe(true);
    }
    file.close();
  });

  it('writes what lies anywhere in memory', () => {
    const file = new FlushedFile(path, BLOCK_BYTES);
    const bytes = Buffer.alloc(BLOCK_BYTES + 3, 5).subarray(3);
    file.write(bytes, 0);
    expect(readFileSync(path).equals(bytes)).toBe(true);
    file.close();
  });

  it('is not made over another file, and removes only itself', () => {
    writeFileSync(path, 'mine');
    expect(() => new FlushedFile(path, BLOCK_BYTES)).toThrow('EEXIST');
    renameSync(path, join(folder, 'elsewhere'));
    const file = new FlushedFile(path, BLOCK_BYTES);
    expect(file.isInPlace()).toBe(true);
    renameSync(path, join(folder, 'taken'));
    expect(file.isInPlace()).toBe(false);
    writeFileSync(path, 'another');
    file.remove();
    expect(readFileSync(path, 'utf8')).toBe('another');
  });
});

describe('blockMemory', () => {
  it('gives zeros of the asked size', () => {
    for (const bytes of [BLOCK_BYTES, 17 * BLOCK_BYTES]) {
      expect(blockMemory(bytes).equals(Buffer.alloc(bytes))).toBe(true);
    }
  });
});

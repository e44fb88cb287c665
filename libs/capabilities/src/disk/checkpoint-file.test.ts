import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../test/store-fixture.js';
import { CheckpointFile } from './checkpoint-file.js';
import { META_PAGE_BYTES, decodeMeta } from './lmdb-meta.js';

const MAGIC_AT = 24;

let folder: string;
let cleanUp: () => Promise<void>;

beforeEach(async () => {
  ({ path: folder, cleanUp } = await temporaryFolder());
});
afterEach(() => cleanUp());

function metaOf(transaction: number) {
  const page = Buffer.alloc(META_PAGE_BYTES);
  page.writeUInt32LE(0xbeefc0de, MAGIC_AT);
  page.writeUInt32LE(4096, MAGIC_AT + 24);
  page.writeBigUInt64LE(BigInt(transaction), MAGIC_AT + 128);
  return decodeMeta(page)!;
}

describe('CheckpointFile', () => {
  it('gives what was written last, to whoever opens it', async () => {
    const file = await CheckpointFile.open(folder);
    const other = await CheckpointFile.open(folder);
    expect(file.read()).toBeUndefined();
    for (const meta of [metaOf(1), metaOf(7), undefined, metaOf(9)]) {
      file.write(meta);
      expect(other.read()).toEqual(meta);
    }
    other.write(metaOf(10));
    expect(file.read()?.transaction).toBe(10n);
    file.close();
    other.close();
  });

  it('gives the one before where the last one is torn, and nothing where both are', async () => {
    const file = await CheckpointFile.open(folder);
    const path = join(folder, 'checkpoint');
    file.write(metaOf(1));
    const before = readFileSync(path);
    file.write(metaOf(2));
    const after = readFileSync(path);
    for (let at = 0; at < after.length; at += 1) {
      if (after[at] === before[at]) continue;
      const torn = Buffer.from(after);
      torn[at] = before[at]!;
      writeFileSync(path, torn);
      expect(file.read()?.transaction).toBe(1n);
    }
    for (const noise of [Buffer.alloc(0), Buffer.alloc(9_000, 0xff), after.subarray(0, 50)]) {
      writeFileSync(path, noise);
      expect(file.read()).toBeUndefined();
    }
    file.close();
  });
});

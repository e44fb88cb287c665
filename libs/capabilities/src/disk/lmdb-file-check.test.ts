import { mkdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { open as openType } from 'lmdb';
import { temporaryFolder } from '../../test/store-fixture.js';
import { lmdbFileProblem } from './lmdb-file-check.js';

const { open } = createRequire(import.meta.url)('lmdb') as { readonly open: typeof openType };
const PAGE = 4096;

let folder: string;
let cleanUp: () => Promise<void>;

beforeEach(async () => {
  ({ path: folder, cleanUp } = await temporaryFolder());
});
afterEach(() => cleanUp());

const valueOf = (i: number) => Buffer.alloc(100 + ((i * 37) % 6000), i % 251);

/** Values of all sizes in a table, and some in the same transaction that are removed again. */
async function fill(path: string): Promise<Buffer> {
  const store = open({
    path,
    encoding: 'binary',
    keyEncoding: 'binary',
    maxDbs: 4,
    pageSize: PAGE,
  });
  const table = store.openDB<Buffer, Buffer>({ name: 't', encoding: 'binary' });
  for (let round = 0; round < 6; round += 1) {
    await table.transaction(() => {
      for (let i = 0; i < 300; i += 1) void table.put(Buffer.from(`${round} ${i}`), valueOf(i));
      for (let i = 150; i < 300; i += 1) void table.remove(Buffer.from(`${round} ${i}`));
    });
  }
  await store.close();
  return readFile(join(path, 'data.mdb'));
}

async function entriesOf(path: string): Promise<string[]> {
  const store = open({
    path,
    encoding: 'binary',
    keyEncoding: 'binary',
    maxDbs: 4,
    pageSize: PAGE,
  });
  const table = store.openDB<Buffer, Buffer>({ name: 't', encoding: 'binary' });
  const entries = [...table.getRange()].map(
    ({ key, value }) => `${key.toString()} ${value.length} ${value.at(-1)}`,
  );
  await store.close();
  return entries;
}

/** What the newest meta page says, in bytes. */
function bytesOf(content: Buffer): number {
  const metas = [0, PAGE].map((at) => ({
    pages: Number(content.readBigUInt64LE(at + 24 + 120)) + 1,
    transaction: content.readBigUInt64LE(at + 24 + 128),
  }));
  return metas.sort((a, b) => Number(b.transaction - a.transaction))[0]!.pages * PAGE;
}

it('takes a file that lacks pages which nothing uses, and finds one that lacks others', async () => {
  const content = await fill(join(folder, 'whole'));
  const data = join(folder, 'whole', 'data.mdb');
  expect(content.length).toBeLessThan(bytesOf(content));
  expect(await lmdbFileProblem(data)).toBeUndefined();
  const whole = await entriesOf(join(folder, 'whole'));
  expect(whole.length).toBe(6 * 150);

  const verdicts: boolean[] = [];
  for (const cut of [0, 1, 2, 3, 5, 8, 13, 21, 34, 55, 200]) {
    const copy = join(folder, `cut ${cut}`);
    await mkdir(copy);
    await writeFile(join(copy, 'data.mdb'), content);
    await truncate(join(copy, 'data.mdb'), content.length - cut * PAGE);
    const problem = await lmdbFileProblem(join(copy, 'data.mdb'));
    verdicts.push(problem === undefined);
    if (problem === undefined) expect(await entriesOf(copy)).toEqual(whole);
    else expect(problem).toMatch(/^its database is cut off: \d+ bytes of \d+$/);
  }
  expect(verdicts[0]).toBe(true);
  expect(verdicts.at(-1)).toBe(false);
  // Once something that is used is missing, less of the file does not make it better.
  expect(verdicts).toEqual([...verdicts].sort((a, b) => Number(b) - Number(a)));
});

it('finds a file whose pages are overwritten where it is shorter than it says', async () => {
  const content = await fill(join(folder, 'whole'));
  for (const noise of [0x00, 0xff, 0x02]) {
    const damaged = Buffer.from(content);
    damaged.fill(noise, 2 * PAGE);
    const path = join(folder, `noise ${noise}`);
    await writeFile(path, damaged);
    expect(await lmdbFileProblem(path)).toMatch(/^its database is cut off/);
  }
});

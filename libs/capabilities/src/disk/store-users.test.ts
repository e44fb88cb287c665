import { readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf, temporaryFolder } from '../../test/store-fixture.js';
import { thisProcess } from './process-identity.js';
import { openTableStore } from './table-store.js';

const options = { format: { name: 'basalt-test', version: 1 }, tables: ['a', 'b'] };
const keyOf = (n: number) => Buffer.from(`key ${n}`);
let folder: string;
let cleanUp: () => Promise<void>;

beforeEach(async () => {
  ({ path: folder, cleanUp } = await temporaryFolder());
});
afterEach(() => cleanUp());

const size = async () => (await stat(join(folder, 'lmdb', 'data.mdb'))).size;

/** A store with much that was removed, and little that was not. */
async function roomy() {
  const store = await openTableStore(folder, options);
  await store.transact('write', 5e6, (tables) => {
    for (let i = 0; i < 1000; i += 1) tables('a').putSync(keyOf(i), Buffer.alloc(5000, i));
    tables('b').putSync(keyOf(1), Buffer.from('kept'));
  });
  await store.transact('remove', 0, (tables) => {
    for (let i = 1; i < 1000; i += 1) tables('a').removeSync(keyOf(i));
  });
  return store;
}

describe('compact', () => {
  it('gives space back, and the store goes on', async () => {
    const store = await roomy();
    const before = await size();
    const compacting = store.compact('compact');
    const meanwhile = store.transact('write', 10, (tables) => {
      tables('b').putSync(keyOf(2), Buffer.from('later'));
    });
    expect(await compacting).toBe(true);
    await meanwhile;
    expect(await size()).toBeLessThan(before / 5);
    const read = () =>
      store.read('read', (tables) => [
        tables('a').get(keyOf(0))?.length,
        tables('a').get(keyOf(1)),
        tables('b').get(keyOf(1))?.toString(),
        tables('b').get(keyOf(2))?.toString(),
      ]);
    expect(await read()).toEqual([5000, undefined, 'kept', 'later']);
    await store.close();
    expect(await codeOf(store.compact('compact'))).toBe('CAP108');
    expect((await readdir(folder)).sort()).toEqual(['FORMAT', 'lmdb', 'users']);
    expect(await readdir(join(folder, 'users'))).toEqual([]);
  });

  it('does nothing while anybody else has the store open', async () => {
    const store = await roomy();
    const second = await openTableStore(folder, options);
    expect(await store.compact('compact')).toBe(false);
    await second.close();
    // Another thread or container, as far as this process can tell.
    const other = join(folder, 'users', 'other');
    await writeFile(other, JSON.stringify({ ...thisProcess(), namespace: 'another' }));
    expect(await store.compact('compact')).toBe(false);
    await writeFile(other, 'not finished');
    expect(await store.compact('compact')).toBe(false);
    await writeFile(other, JSON.stringify({ ...thisProcess(), boot: 'earlier' }));
    expect(await store.compact('compact')).toBe(true);
    await store.close();
  });

  it('that was broken off does not keep the store closed', async () => {
    const store = await roomy();
    await store.close();
    await writeFile(
      join(folder, 'replacing'),
      JSON.stringify({ ...thisProcess(), began: '1', pid: 1 }),
    );
    const again = await openTableStore(folder, options);
    expect(await again.read('read', (tables) => tables('b').get(keyOf(1))?.toString())).toBe(
      'kept',
    );
    await again.close();
  });

  it('keeps openers waiting until it is done', async () => {
    const store = await roomy();
    const compacting = store.compact('compact');
    const opening = Array.from({ length: 5 }, () => openTableStore(folder, options));
    await compacting;
    for (const opened of await Promise.all(opening)) {
      const kept = await opened.read('read', (tables) => tables('b').get(keyOf(1))?.toString());
      expect(kept).toBe('kept');
      await opened.close();
    }
    await store.close();
  });
});

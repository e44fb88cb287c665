import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf, temporaryFolder } from '../../test/store-fixture.js';
import { VirtualClock } from '../clock/virtual-clock.js';
import { diskBlob } from './disk-blob.js';
import { diskCache } from './disk-cache.js';
import { diskDedupe } from './disk-dedupe.js';
import { diskKv } from './disk-kv.js';
import { diskQueue } from './disk-queue.js';
import { openDiskStore, type DiskStore } from './disk-store.js';

const one = Uint8Array.of(1);
const two = Uint8Array.of(2);
let folder: string;
let cleanUp: () => Promise<void>;

beforeEach(async () => {
  ({ path: folder, cleanUp } = await temporaryFolder());
});
afterEach(() => cleanUp());

async function fill(store: DiskStore, clock: VirtualClock): Promise<void> {
  const kv = diskKv(store, { clock });
  await kv.put('k', one, { ttlMs: 100 });
  await kv.put('short', one, { ttlMs: 10 });
  await diskBlob(store).put('b', two);
  const queue = diskQueue(store);
  await queue.enqueue('q', one);
  await queue.enqueue('q', two);
  await diskDedupe(store, { clock }).putIfAbsent('d', 100);
  const cache = await diskCache(store, { clock, maxEntries: 2 });
  for (const key of ['x', 'y', 'z']) await cache.set(key, one);
}

describe('openDiskStore', () => {
  it('shows every awaited write after reopening', async () => {
    const clock = new VirtualClock();
    const store = await openDiskStore(folder);
    await fill(store, clock);
    await store.close();
    clock.advance(50);

    const again = await openDiskStore(folder);
    const kv = diskKv(again, { clock });
    const queue = diskQueue(again);
    const dedupe = diskDedupe(again, { clock });
    const cache = await diskCache(again, { clock, maxEntries: 2 });
    expect([await kv.get('k'), await kv.get('short')]).toEqual([one, undefined]);
    expect(await diskBlob(again).get('b')).toEqual(two);
    expect([await queue.size('q'), await queue.dequeue('q')]).toEqual([2, one]);
    expect(await dedupe.putIfAbsent('d', 100)).toBe(false);
    await cache.set('w', two);
    const cached = await Promise.all(['x', 'y', 'z', 'w'].map((key) => cache.get(key)));
    expect(cached).toEqual([undefined, undefined, one, two]);
    await again.close();
  });

  it('is shared by openers of one folder, and closed by the last', async () => {
    const first = await openDiskStore(folder);
    const second = await openDiskStore(join(folder, '.'));
    await diskKv(first).put('k', one);
    expect(await diskKv(second).get('k')).toEqual(one);
    const caches = [await diskCache(first), await diskCache(second)];
    await caches[0]!.set('c', one);
    expect(await caches[1]!.get('c')).toEqual(one);
    await first.close();
    expect(await codeOf(diskKv(first).put('k', two))).toBe('CAP108');
    expect(await codeOf(diskBlob(first).get('b'))).toBe('CAP108');
    await diskKv(second).put('k', two);
    const closing = second.close();
    const third = await openDiskStore(folder);
    await closing;
    expect(await diskKv(third).get('k')).toEqual(two);
    await third.close();
    await third.close();
  });

  it('ends what was begun before it closes', async () => {
    const store = await openDiskStore(folder);
    const kv = diskKv(store);
    const writes = Array.from({ length: 100 }, (_x, i) => kv.put(`k${i}`, one));
    await store.close();
    await Promise.all(writes);
    const again = await openDiskStore(folder);
    expect(await diskKv(again).get('k99')).toEqual(one);
    await again.close();
  });

  it('refuses folders that are none, hold something else, or have another format', async () => {
    const file = join(folder, 'file');
    await writeFile(file, 'x');
    const newer = join(folder, 'newer');
    await mkdir(newer);
    await writeFile(join(newer, 'FORMAT'), 'basalt-store 2\n');
    const foreign = join(folder, 'foreign');
    await mkdir(foreign);
    await writeFile(join(foreign, 'FORMAT'), 'something else');
    const wanted = [folder, file, join(file, 'below'), '', 'a\0b', newer, foreign];
    const codes = await Promise.all(wanted.map((path) => codeOf(openDiskStore(path))));
    expect(codes).toEqual(['CAP105', 'CAP105', 'CAP105', 'CAP105', 'CAP105', 'CAP106', 'CAP105']);
    expect((await readdir(folder)).sort()).toEqual(['file', 'foreign', 'newer']);
  });

  it('refuses a folder that cannot be written', async () => {
    // Nobody, root included, makes folders below /dev/null.
    expect(await codeOf(openDiskStore('/dev/null/store'))).toBe('CAP105');
  });

  it('refuses a folder whose database is damaged', async () => {
    const store = await openDiskStore(folder);
    for (let i = 0; i < 20; i += 1) await diskKv(store).put(`k${i}`, new Uint8Array(5000));
    await store.close();
    const file = join(folder, 'lmdb', 'data.mdb');
    const sound = await readFile(file);
    const damaged = [
      Buffer.alloc(65536, 0xff),
      Buffer.alloc(65536),
      sound.subarray(0, 100),
      sound.subarray(0, 6000),
      sound.subarray(0, sound.length - 4096),
      Buffer.concat([sound.subarray(0, 4096), Buffer.alloc(sound.length)]),
    ];
    for (const content of damaged) {
      await writeFile(file, content);
      expect(await codeOf(openDiskStore(folder))).toBe('CAP105');
    }
    await writeFile(file, sound);
    const mended = await openDiskStore(folder);
    expect(await diskKv(mended).get('k19')).toEqual(new Uint8Array(5000));
    await mended.close();
  });

  it('refuses writes on a full disk and keeps what it has', async () => {
    const roomy = await openDiskStore(folder);
    await diskKv(roomy).put('k', one);
    await diskBlob(roomy).put('b', one);
    // No disk has this much free space, so every disk counts as full.
    const full = await openDiskStore(folder, { minFreeBytes: Number.MAX_SAFE_INTEGER });
    const codes = await Promise.all([
      codeOf(diskKv(full).put('k', two)),
      codeOf(diskBlob(full).put('b', two)),
      codeOf(diskQueue(full).enqueue('q', two)),
      codeOf(diskDedupe(full).putIfAbsent('d', 1)),
    ]);
    expect(codes).toEqual(['CAP107', 'CAP107', 'CAP107', 'CAP107']);
    expect([await diskKv(full).get('k'), await diskBlob(full).get('b')]).toEqual([one, one]);
    expect(await diskKv(full).delete('k')).toBe(true);
    await full.close();
    await roomy.close();
  });

  it('fails only the write that is at fault in a batch', async () => {
    const store = await openDiskStore(folder);
    const good = [diskKv(store).put('a', one), diskKv(store).put('b', two)];
    const bad = store.write('kv.put', 'kv', 0, () => {
      throw new Error('broken');
    });
    const last = diskKv(store).put('c', one);
    expect(await codeOf(bad)).toBe('CAP109');
    await Promise.all([...good, last]);
    const found = await Promise.all(['a', 'b', 'c'].map((key) => diskKv(store).get(key)));
    expect(found).toEqual([one, two, one]);
    await store.close();
  });

  it('removes what has ended as new keys come', async () => {
    const clock = new VirtualClock();
    const store = await openDiskStore(folder);
    const kv = diskKv(store, { clock });
    await Promise.all(Array.from({ length: 50 }, (_x, i) => kv.put(`old${i}`, one, { ttlMs: 1 })));
    clock.advance(5);
    for (let i = 0; i < 80; i += 1) await kv.put('new', one);
    expect(await store.read('test', 'kv', (table) => table.getKeysCount({}))).toBe(1);
    await store.close();
  });

  it('writes its format file', async () => {
    await (await openDiskStore(folder)).close();
    expect(await readFile(join(folder, 'FORMAT'), 'utf8')).toBe('basalt-store 1\n');
  });
});

import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { codeOf, temporaryFolder } from '../../test/store-fixture.js';
import { openDiskStore } from './disk-store.js';
import { openTableStore, type TableStore } from './table-store.js';

const format = { name: 'basalt-test', version: 3 };
const key = Buffer.from('k');
const bytes = (text: string) => Buffer.from(text);
let folder: string;
let cleanUp: () => Promise<void>;

beforeEach(async () => {
  ({ path: folder, cleanUp } = await temporaryFolder());
});
afterEach(() => cleanUp());

function valueOf(store: TableStore, table: string): Promise<string | undefined> {
  return store.read('read', (tables) => tables(table).get(key)?.toString());
}

describe('openTableStore', () => {
  it('commits changes of several tables together, and keeps them', async () => {
    const store = await openTableStore(folder, { format, tables: ['a', 'b'] });
    const seen = await store.transact('write', 10, (tables) => {
      tables('a').putSync(key, bytes('1'));
      tables('b').putSync(key, bytes('2'));
      return tables('a').get(key)?.toString();
    });
    await store.close();
    const again = await openTableStore(folder, { format, tables: ['b', 'a'] });
    const kept = [await valueOf(again, 'a'), await valueOf(again, 'b')];
    expect({ seen, kept }).toEqual({ seen: '1', kept: ['1', '2'] });
    expect(await readFile(join(folder, 'FORMAT'), 'utf8')).toBe('basalt-test 3\n');
    await again.close();
  });

  it('undoes every table of the transaction that throws, and of no other', async () => {
    const store = await openTableStore(folder, { format, tables: ['a', 'b'] });
    const before = store.transact('before', 1, (tables) => tables('a').putSync(key, bytes('kept')));
    const failing = store.transact('failing', 1, (tables) => {
      tables('a').putSync(key, bytes('lost'));
      tables('b').putSync(key, bytes('lost'));
      throw new Error('broken');
    });
    const after = store.transact('after', 1, (tables) => tables('a').get(key)?.toString());
    expect(await codeOf(failing)).toBe('CAP109');
    await before;
    expect([await after, await valueOf(store, 'b')]).toEqual(['kept', undefined]);
    await store.close();
  });

  it('is shared by openers with tables of their own', async () => {
    const first = await openTableStore(folder, { format, tables: ['a'] });
    await first.transact('write', 1, (tables) => tables('a').putSync(key, bytes('1')));
    const second = await openTableStore(folder, { format, tables: ['b', 'a'] });
    await Promise.all([
      first.transact('write', 1, (tables) => tables('a').putSync(key, bytes('2'))),
      second.transact('write', 1, (tables) => tables('b').putSync(key, bytes('3'))),
    ]);
    expect([await valueOf(second, 'a'), await valueOf(second, 'b')]).toEqual(['2', '3']);
    expect(await codeOf(valueOf(first, 'never'))).toBe('CAP109');
    await first.close();
    expect(await codeOf(valueOf(first, 'a'))).toBe('CAP108');
    await second.close();
  });

  it('refuses a store of another kind or version', async () => {
    await (await openTableStore(folder, { format, tables: ['a'] })).close();
    const newer = { name: 'basalt-test', version: 4 };
    const codes = [
      await codeOf(openDiskStore(folder)),
      await codeOf(openTableStore(folder, { format: newer, tables: ['a'] })),
    ];
    expect(codes).toEqual(['CAP105', 'CAP106']);
  });

  it('says that a folder has no room for more tables', async () => {
    const tables = Array.from({ length: 40 }, (_x, i) => `t${i}`);
    expect(await codeOf(openTableStore(folder, { format, tables }))).toBe('CAP105');
    const store = await openTableStore(folder, { format, tables: ['t0'] });
    await store.close();
  });

  it('shows the commits of another process', async () => {
    const store = await openTableStore(folder, { format, tables: ['a'] });
    const lmdb = createRequire(import.meta.url).resolve('lmdb');
    const script = `const { open } = require(${JSON.stringify(lmdb)});
      const root = open({ path: process.argv[1], noSubdir: false, maxDbs: 30, overlappingSync: false });
      const table = root.openDB('a', { encoding: 'binary', keyEncoding: 'binary' });
      root.transactionSync(() => table.putSync(Buffer.from('k'), Buffer.from('theirs')));`;
    const child = spawn(process.execPath, ['-e', script, join(folder, 'lmdb')], {
      stdio: 'inherit',
    });
    const status = await new Promise((resolve) => child.on('exit', resolve));
    expect([status, await valueOf(store, 'a')]).toEqual([0, 'theirs']);
    await store.close();
  });
});

// What a loss of power leaves of a store with logged commits: every page of the database that was written
// since its last flush is there in any of the states that it has had since, and the logs hold what was
// acknowledged. Whatever the mixture, the store that is opened then has every acknowledged commit, whole.
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { codeOf, temporaryFolder } from '../../test/store-fixture.js';
import { openTableStore, type TableStore, type Tables } from './table-store.js';

const PAGE = 4096;
const TABLES = ['a', 'b'];
const options = { format: { name: 'basalt-test', version: 1, logged: true }, tables: TABLES };

interface Write {
  readonly table: string;
  readonly key: number;
  /** Bytes of the value; 0 removes. */
  readonly size: number;
}

const write: fc.Arbitrary<Write> = fc.record({
  table: fc.constantFrom(...TABLES),
  key: fc.nat(40),
  size: fc.oneof(fc.nat(200), fc.nat(12_000)),
});
const commit = fc.array(write, { minLength: 1, maxLength: 12 });

let folder: string;
let cleanUp: () => Promise<void>;

beforeEach(async () => {
  ({ path: folder, cleanUp } = await temporaryFolder());
});
afterEach(() => cleanUp());

function apply(tables: Tables, writes: readonly Write[], fill: number): void {
  for (const { table, key, size } of writes) {
    const name = Buffer.from(`key ${key}`);
    if (size === 0) tables(table).removeSync(name);
    else tables(table).putSync(name, Buffer.alloc(size, fill));
  }
}

/** Everything in the tables, as text. */
function contentOf(store: TableStore): Promise<string[]> {
  return store.read('read', (tables) =>
    TABLES.flatMap((name) =>
      [...tables(name).getRange({})].map(
        ({ key, value }) => `${name} ${String(key)} ${value.length} ${value[0]}`,
      ),
    ),
  );
}

/** What is in the files of a store. */
interface Files {
  readonly database: Buffer;
  readonly checkpoint: Buffer;
  readonly logs: ReadonlyMap<string, Buffer>;
}

function filesOf(store: string): Files {
  const logs = readdirSync(join(store, 'redo'));
  return {
    database: readFileSync(join(store, 'lmdb', 'data.mdb')),
    checkpoint: readFileSync(join(store, 'lmdb', 'checkpoint')),
    logs: new Map(logs.map((name) => [name, readFileSync(join(store, 'redo', name))])),
  };
}

/** A copy of a store that nobody has open, with these files. */
function copyWith(store: string, copy: string, { database, checkpoint, logs }: Files): void {
  rmSync(copy, { recursive: true, force: true });
  cpSync(store, copy, { recursive: true });
  for (const name of ['users', 'redo', join('lmdb', 'lock.mdb')]) {
    rmSync(join(copy, name), { recursive: true, force: true });
  }
  writeFileSync(join(copy, 'lmdb', 'data.mdb'), database);
  writeFileSync(join(copy, 'lmdb', 'checkpoint'), checkpoint);
  mkdirSync(join(copy, 'redo'));
  for (const [name, bytes] of logs) writeFileSync(join(copy, 'redo', name), bytes);
}

/** The states of the database since its last flush, of which each page may be on disk in any. */
class Unflushed {
  states: Buffer[] = [];
  #checkpoint: Buffer = Buffer.alloc(0);

  add({ database, checkpoint }: Files): void {
    // A flush comes before everything else that a commit does.
    if (!checkpoint.equals(this.#checkpoint)) this.states = this.states.slice(-1);
    this.#checkpoint = checkpoint;
    this.states.push(database);
  }

  mixed(choose: (states: number) => number): Buffer {
    const any = () => this.states[choose(this.states.length)]!;
    const mixed = Buffer.alloc(any().length);
    for (let at = 0; at < mixed.length; at += PAGE) {
      const state = any();
      if (at < state.length) state.copy(mixed, at, at, at + PAGE);
    }
    return mixed;
  }
}

describe('a store with logged commits, after a loss of power', () => {
  it('has all that was acknowledged, whatever pages were on disk', async () => {
    let cases = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(commit, { minLength: 1, maxLength: 50 }),
        fc.infiniteStream(fc.nat(1_000)),
        async (commits, chances) => {
          const choose = (states: number) => Number(chances.next().value) % states;
          const source = join(folder, `source ${(cases += 1)}`);
          const store = await openTableStore(source, options);
          const unflushed = new Unflushed();
          unflushed.add(filesOf(source));
          let before = { content: await contentOf(store), files: filesOf(source) };
          for (const [fill, writes] of commits.entries()) {
            await store.transact('write', 0, (tables) => apply(tables, writes, fill));
            const files = filesOf(source);
            unflushed.add(files);
            const content = await contentOf(store);
            if (choose(8) === 0) {
              const cut = { ...files, database: unflushed.mixed(choose) };
              await expectAfterCut(source, cut, content);
              // The record of the last commit was not whole, and so the commit not acknowledged.
              await expectAfterCut(source, { ...cut, logs: before.files.logs }, before.content);
            }
            before = { content, files };
          }
          await store.close();
          await expectAfterCut(source, filesOf(source), before.content);
          rmSync(source, { recursive: true, force: true });
        },
      ),
      { numRuns: 12 },
    );
  }, 120_000);

  /** Opens what is left, twice, and goes on with it. */
  async function expectAfterCut(source: string, files: Files, content: string[]): Promise<void> {
    const copy = join(folder, 'copy');
    copyWith(source, copy, files);
    const first = await openTableStore(copy, options);
    expect(await contentOf(first)).toEqual(content);
    await first.transact('write', 0, (tables) =>
      apply(tables, [{ table: 'a', key: 99, size: 1 }], 7),
    );
    await first.close();
    const second = await openTableStore(copy, options);
    const kept = content.filter((line) => !line.startsWith('a key 99'));
    expect(await contentOf(second)).toEqual([...kept, 'a key 99 1 7'].sort(byTableThenKey));
    await second.close();
  }

  it('has nothing of a transaction that was undone', async () => {
    const store = await openTableStore(folder, options);
    const put = (key: number) => (tables: Tables) =>
      apply(tables, [{ table: 'a', key, size: 3 }], 1);
    await store.transact('write', 0, put(1));
    const failed = store.transact('write', 0, (tables) => {
      put(2)(tables);
      throw new Error('after all not');
    });
    const beside = store.transact('write', 0, put(3));
    expect(await codeOf(failed)).toBe('CAP109');
    await beside;
    const copy = join(folder, '..', `${folder.split('/').at(-1)} copy`);
    copyWith(folder, copy, filesOf(folder));
    const other = await openTableStore(copy, options);
    expect(await contentOf(other)).toEqual(['a key 1 3 1', 'a key 3 3 1']);
    await other.close();
    rmSync(copy, { recursive: true });
    await store.close();
  });
});

function byTableThenKey(a: string, b: string): number {
  const order = (line: string) => line.split(' ').slice(0, 3).join(' ');
  return order(a) < order(b) ? -1 : 1;
}

// Folders that are damaged by hand, full, or not what they seem.
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openTableStore, type Tables } from '@basalt/capabilities';
import { attempt, codeOf, collect, ended, result, startOf } from '../../testing/sample-runs.js';
import { temporaryFolder } from '../../testing/temporary-folder.js';
import type { JournalStore } from '../journal-store.js';
import { EMBEDDED_FORMAT } from './embedded-folder.js';
import { openEmbeddedJournal } from './embedded-journal.js';
import { JOURNAL_TABLES } from './run-rows.js';

let folder: string;
let cleanUp: () => Promise<void>;

beforeEach(async () => {
  ({ path: folder, cleanUp } = await temporaryFolder());
});
afterEach(() => cleanUp());

const steps = [attempt(1), result(1), attempt(2), result(2)];

/** Two runs: `a` interrupted with four records, `b` completed with five. */
async function fill(): Promise<JournalStore> {
  const store = await openEmbeddedJournal(folder);
  for (const id of ['a', 'b']) {
    const run = await store.create(startOf(id));
    for (const record of steps) run.append(record);
    if (id === 'b') run.append(ended());
    await run.close();
  }
  return store;
}

/** Changes tables behind the back of the journal. */
async function tamper(change: (tables: Tables) => void): Promise<void> {
  const store = await openTableStore(folder, { format: EMBEDDED_FORMAT, tables: JOURNAL_TABLES });
  await store.transact('tamper', 100, change);
  await store.close();
}

function frameKey(number: number, index: number): Buffer {
  const key = Buffer.alloc(12);
  key.writeBigUInt64BE(BigInt(number));
  key.writeUInt32BE(index, 8);
  return key;
}

function flip(tables: Tables, table: string, key: Buffer): void {
  const value = Buffer.from(tables(table).get(key)!);
  value[value.length - 1] = value[value.length - 1]! ^ 1;
  tables(table).putSync(key, value);
}

describe('a damaged run', () => {
  const frames = (tables: Tables) => tables('frames');
  it.each<[string, (tables: Tables) => void, number, string, number]>([
    [
      'a flipped bit',
      (tables) => flip(tables, 'frames', frameKey(1, 3)),
      3,
      'its checksum is wrong',
      2,
    ],
    [
      'a missing record',
      (tables) => frames(tables).removeSync(frameKey(1, 2)),
      2,
      'its checksum is wrong',
      1,
    ],
    ['a missing end', (tables) => frames(tables).removeSync(frameKey(1, 4)), 4, 'it is missing', 3],
    [
      'swapped records',
      (tables) => {
        const [second, third] = [2, 3].map((i) => Buffer.from(frames(tables).get(frameKey(1, i))!));
        frames(tables).putSync(frameKey(1, 2), third!);
        frames(tables).putSync(frameKey(1, 3), second!);
      },
      2,
      'its checksum is wrong',
      1,
    ],
    [
      'a record of another run',
      (tables) =>
        frames(tables).putSync(frameKey(1, 4), Buffer.from(frames(tables).get(frameKey(2, 4))!)),
      4,
      'its checksum is wrong',
      3,
    ],
    [
      'a record that is cut off',
      (tables) => frames(tables).putSync(frameKey(1, 2), Buffer.of(1, 2, 3)),
      2,
      'it is cut off',
      1,
    ],
  ])('with %s is found, refused, cut back and goes on', async (_name, change, at, reason, left) => {
    await (await fill()).close();
    await tamper(change);
    const store = await openEmbeddedJournal(folder);
    const fault = { runId: 'a', at, reason };
    expect([
      await codeOf(store.open('a')),
      await codeOf(store.records('a')),
      await codeOf(collect(store.exportRuns())),
    ]).toEqual(['JRNL005', 'JRNL005', 'JRNL005']);
    expect(await store.verify()).toEqual([{ ...fault, repaired: false }]);
    expect(await store.verify({ repair: true })).toEqual([{ ...fault, repaired: true }]);
    expect(await store.verify()).toEqual([]);
    const run = await store.open('a');
    expect(run.history).toEqual(steps.slice(0, left));
    run.append(ended('failed'));
    await run.close();
    expect(await store.records('a')).toEqual([...steps.slice(0, left), ended('failed')]);
    expect(await store.records('b')).toEqual([...steps, ended()]);
    expect(await store.verify()).toEqual([]);
    await store.close();
  });

  it('whose outcome is damaged is interrupted after the repair', async () => {
    await (await fill()).close();
    await tamper((tables) => flip(tables, 'frames', frameKey(2, 5)));
    const store = await openEmbeddedJournal(folder);
    await store.verify({ repair: true });
    const statuses = (await store.list({ status: 'interrupted' })).runs.map(({ runId }) => runId);
    expect([statuses, (await store.list({ status: 'completed' })).runs]).toEqual([['b', 'a'], []]);
    await store.close();
  });

  it('without its start is removed by the repair', async () => {
    await (await fill()).close();
    await tamper((tables) => flip(tables, 'frames', frameKey(1, 0)));
    const store = await openEmbeddedJournal(folder);
    expect(await store.verify({ repair: true })).toEqual([
      { runId: 'a', at: 0, reason: 'its checksum is wrong', repaired: true },
    ]);
    expect((await store.list()).runs.map(({ runId }) => runId)).toEqual(['b']);
    expect(await store.verify()).toEqual([]);
    await store.close();
  });

  it('whose row is damaged or missing gets it back from its records', async () => {
    for (const change of [
      (tables: Tables) => tables('runs').removeSync(Buffer.from('\0a')),
      (tables: Tables) => tables('runs').putSync(Buffer.from('\0a'), Buffer.from('nonsense')),
    ]) {
      await (await fill().catch(() => openEmbeddedJournal(folder))).close();
      await tamper(change);
      const store = await openEmbeddedJournal(folder);
      expect(await codeOf(store.open('a'))).toMatch(/^JRNL00[25]$/);
      const reason = 'its entry in the list of runs is damaged or missing';
      expect(await store.verify({ repair: true })).toEqual([
        { runId: 'a', at: 0, reason, repaired: true },
      ]);
      expect(await store.records('a')).toEqual(steps);
      await store.close();
    }
  });

  it('without its flow document says so, and nothing mends it', async () => {
    await (await fill()).close();
    await tamper((tables) => {
      for (const key of [...tables('documents').getKeys({})]) {
        tables('documents').removeSync(Buffer.from(key));
      }
    });
    const store = await openEmbeddedJournal(folder);
    expect((await store.verify({ repair: true })).map(({ repaired }) => repaired)).toEqual([
      false,
      false,
    ]);
    expect([await codeOf(store.open('a')), await codeOf(store.start('b'))]).toEqual([
      'JRNL005',
      'JRNL005',
    ]);
    await store.close();
  });

  it('of a live owner is left alone', async () => {
    const store = await fill();
    const run = await store.open('a');
    await tamper((tables) => flip(tables, 'frames', frameKey(1, 3)));
    expect((await store.verify({ repair: true })).map(({ repaired }) => repaired)).toEqual([false]);
    await run.close();
    await store.close();
  });
});

describe('a folder', () => {
  it('whose records were flipped in the file is found out', async () => {
    const store = await openEmbeddedJournal(folder);
    const run = await store.create(startOf('a'));
    run.append(result(1, 'a text that is easy to find'));
    await run.close();
    await store.close();
    const file = join(folder, 'lmdb', 'data.mdb');
    const content = await readFile(file);
    for (let at = content.indexOf('easy to find'); at >= 0;) {
      content[at] = 0x45;
      at = content.indexOf('easy to find', at + 1);
    }
    await writeFile(file, content);
    const again = await openEmbeddedJournal(folder);
    expect(await again.verify({ repair: true })).toEqual([
      { runId: 'a', at: 1, reason: 'its checksum is wrong', repaired: true },
    ]);
    await again.close();
  });

  it('that is cut off, of another version or something else is refused', async () => {
    await (await fill()).close();
    const file = join(folder, 'lmdb', 'data.mdb');
    const content = await readFile(file);
    const codes = [];
    for (const damaged of [content.subarray(0, 5000), Buffer.alloc(9000, 7)]) {
      await writeFile(file, damaged);
      codes.push(await codeOf(openEmbeddedJournal(folder)));
    }
    await writeFile(file, content);
    await writeFile(join(folder, 'FORMAT'), 'basalt-journal 2\n');
    codes.push(await codeOf(openEmbeddedJournal(folder)));
    await writeFile(join(folder, 'FORMAT'), 'basalt-store 1\n');
    codes.push(await codeOf(openEmbeddedJournal(folder)));
    codes.push(await codeOf(openEmbeddedJournal(file)));
    codes.push(await codeOf(openEmbeddedJournal(join(folder, 'logs', '\0'))));
    await mkdir(join(folder, 'other'));
    await writeFile(join(folder, 'other', 'notes.txt'), 'mine');
    codes.push(await codeOf(openEmbeddedJournal(join(folder, 'other'))));
    expect(codes).toEqual(['CAP105', 'CAP105', 'CAP106', 'CAP105', 'CAP105', 'CAP105', 'CAP105']);
  });

  it('with strange files among its logs is opened, and they are removed', async () => {
    await (await fill()).close();
    const logs = join(folder, 'logs');
    await writeFile(join(logs, `${'0'.repeat(32)}.wal`), 'torn');
    await writeFile(join(logs, `${'1'.repeat(32)}.taken`), Buffer.alloc(10_000, 3));
    const store = await openEmbeddedJournal(folder);
    expect(await store.verify()).toEqual([]);
    await store.close();
    expect(await readdir(logs)).toEqual([]);
  });

  it('on a full disk takes nothing, and keeps what it has', async () => {
    const roomy = await fill();
    await roomy.close();
    // No disk has this much free space, so every disk counts as full.
    const full = await openEmbeddedJournal(folder, { minFreeBytes: Number.MAX_SAFE_INTEGER });
    expect(await codeOf(full.create(startOf('c')))).toBe('CAP107');
    expect(await full.records('b')).toEqual([...steps, ended()]);
    expect([await codeOf(full.open('a')), await full.prune({ keep: 0 })]).toEqual(['CAP107', 1]);
    await full.close();
    const again = await openEmbeddedJournal(folder);
    const run = await again.open('a');
    expect(run.history).toEqual(steps);
    await run.close();
    await again.close();
  });
});

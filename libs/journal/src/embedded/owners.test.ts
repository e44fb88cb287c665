// Leases: who is alive, who has lost a run, and what others see of one that is being written.
import { readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openTableStore, thisProcess, type TableStore } from '@basalt/capabilities';
import { attempt, codeOf, ended, lostCode, result, startOf } from '../../testing/sample-runs.js';
import { temporaryFolder } from '../../testing/temporary-folder.js';
import { EMBEDDED_FORMAT } from './embedded-folder.js';
import { openEmbeddedJournal } from './embedded-journal.js';
import { OwnerWatch, putOwner, type OwnerRow } from './owner-rows.js';
import { JOURNAL_TABLES, putRow, readRow } from './run-rows.js';

let folder: string;
let cleanUp: () => Promise<void>;

beforeEach(async () => {
  ({ path: folder, cleanUp } = await temporaryFolder());
});
afterEach(() => cleanUp());

const id = 'ab'.repeat(16);
const mine = thisProcess();

function tables(): Promise<TableStore> {
  return openTableStore(folder, { format: EMBEDDED_FORMAT, tables: JOURNAL_TABLES });
}

/** Gives the run `r` to an owner that the test makes up. */
async function giveTo(process: Partial<OwnerRow['process']>, heartbeat = 1): Promise<void> {
  const store = await tables();
  await store.transact('test', 0, (all) => {
    putOwner(all, { id, process: { ...mine, ...process }, heartbeat });
    putRow(all, { ...readRow(all, 'r')!, owner: id });
  });
  await store.close();
}

describe('an owner', () => {
  it.each([
    ['of an earlier start of the machine', { boot: 'earlier' }],
    ['whose process is gone', { pid: 2 ** 22 + 1 }],
    ['whose process id means another one now', { pid: 1, began: '1' }],
  ])('%s is dead at once', async (_name, process) => {
    const store = await openEmbeddedJournal(folder);
    await (await store.create(startOf('r'))).close();
    await giveTo(process);
    expect((await store.info('r'))?.status).toBe('interrupted');
    const run = await store.open('r');
    expect(run.history).toEqual([]);
    await run.close();
    await store.close();
  });

  it('in another container lives as long as its heartbeat counts on', async () => {
    const patient = await openEmbeddedJournal(folder, { leaseMs: 1e9 });
    await (await patient.create(startOf('r'))).close();
    // This one calls dead what has not counted on since it looked last.
    const strict = await openEmbeddedJournal(folder, { leaseMs: 0 });
    const seen: (string | undefined)[] = [];
    for (const heartbeat of [1, 2, 3]) {
      await giveTo({ namespace: 'pid:[1]' }, heartbeat);
      seen.push((await strict.info('r'))?.status, await codeOf(patient.open('r')));
    }
    expect(seen).toEqual(['running', 'JRNL004', 'running', 'JRNL004', 'running', 'JRNL004']);
    expect((await strict.info('r'))?.status).toBe('interrupted');
    await (await strict.open('r')).close();
    await strict.close();
    await patient.close();
  });

  it('that lives in this process is named', async () => {
    const store = await openEmbeddedJournal(folder);
    const run = await store.create(startOf('r'));
    expect((await store.info('r'))?.owner).toBe(`process ${process.pid} on ${mine.host}`);
    await run.close();
    expect((await store.info('r'))?.owner).toBeUndefined();
    await store.close();
  });

  it('is watched by its heartbeat, not by clocks', () => {
    const watch = new OwnerWatch(0);
    const row = { id, process: { ...mine, namespace: 'other' }, heartbeat: 1 };
    expect([
      watch.isAlive(row),
      watch.isAlive(row),
      watch.isAlive({ ...row, heartbeat: 2 }),
      watch.isAlive({ ...row, heartbeat: 2 }),
    ]).toEqual([true, false, true, false]);
  });
});

describe('a run that was taken over', () => {
  it('is told so when its log is gone, and has written nothing since', async () => {
    const store = await openEmbeddedJournal(folder);
    const run = await store.create(startOf('r'));
    run.append(attempt(1));
    await run.flush();
    // The log is made beside the first commits; from then on steps go into it.
    const logs = join(folder, 'logs');
    while ((await readdir(logs)).length === 0) await sleep(5);
    run.append(attempt(2));
    await run.flush();
    const [name] = await readdir(logs);
    await rename(join(logs, name!), join(logs, `${name}.away`));
    run.append(attempt(3));
    const codes = [await codeOf(run.flush()), await codeOf(run.flush()), lostCode(run.lost)];
    run.append(ended());
    codes.push(await codeOf(run.flush()), await codeOf(run.reserve('k', 'i', 10)));
    expect(codes).toEqual(['JRNL008', 'JRNL008', 'JRNL008', 'JRNL008', 'JRNL008']);
    await store.close();
    expect((await readdir(logs)).length).toBeLessThanOrEqual(1);
  });

  it('is told so at its next commit to the tables, by the row', async () => {
    const store = await openEmbeddedJournal(folder);
    const run = await store.create(startOf('r'));
    await giveTo({});
    run.append(result(1, 1, 'key'));
    expect([await codeOf(run.flush()), lostCode(run.lost)]).toEqual(['JRNL008', 'JRNL008']);
    await run.close();
    const other = await store.create(startOf('s'));
    const all = await tables();
    await all.transact('test', 0, (open) => putRow(open, { ...readRow(open, 's')!, owner: id }));
    await all.close();
    expect([await codeOf(other.reserve('k', 'i', 10)), lostCode(other.lost)]).toEqual([
      'JRNL008',
      'JRNL008',
    ]);
    await store.close();
  });
});

describe('what is in the log alone', () => {
  it('is seen by its own store at once, and by others soon', async () => {
    const store = await openEmbeddedJournal(folder, { logBytes: 256 * 1024 });
    const run = await store.create(startOf('r'));
    const written = [];
    for (let i = 0; i < 200; i += 1) {
      run.append(result(i));
      written.push(result(i));
      await run.flush();
      if (i % 50 === 0) expect(await store.records('r')).toEqual(written);
    }
    const all = await tables();
    const count = () => all.read('test', (open) => readRow(open, 'r')!.progress.records);
    while ((await count()) < 200) await sleep(20);
    await all.close();
    run.append(ended());
    await run.close();
    expect(await store.records('r')).toEqual([...written, ended()]);
    await store.close();
  });

  it('does not keep more than fits: larger records go into the tables', async () => {
    const store = await openEmbeddedJournal(folder, { logBytes: 8192 });
    const run = await store.create(startOf('r'));
    const sizes = [10, 10_000, 10, 3000, 3000, 3000, 100_000, 10];
    for (const size of sizes) {
      run.append(result(size, 'x'.repeat(size)));
      await run.flush();
    }
    await run.close();
    expect(await store.records('r')).toEqual(sizes.map((n) => result(n, 'x'.repeat(n))));
    expect(await store.verify()).toEqual([]);
    await store.close();
  });
});

describe('the clock', () => {
  it('may jump backwards and forwards', async () => {
    let now = 2_000_000_000_000;
    const store = await openEmbeddedJournal(folder, { now: () => now, leaseMs: 1000 });
    const ids: string[] = [];
    for (const jump of [0, -1e12, 5e11, -2e12, 1e15]) {
      now += jump;
      const runId = `r${ids.length}`;
      const run = await store.create(startOf(runId, { startedAt: now }));
      expect((await run.reserve(`k${ids.length}`, 'i', 1000)).state).toBe('first');
      run.append(attempt(1, now));
      await run.flush();
      ids.push(runId);
      expect((await store.info(runId))?.status).toBe('running');
      expect(await codeOf(store.open(runId))).toBe('JRNL004');
      run.append(ended('completed', now));
      await run.close();
    }
    const { runs } = await store.list();
    expect(runs.map(({ runId }) => runId)).toEqual(['r4', 'r0', 'r2', 'r1', 'r3']);
    await store.close();
  });
});

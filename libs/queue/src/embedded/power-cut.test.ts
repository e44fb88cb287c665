// A loss of power while several processes use one folder, some of which were killed before: every page of
// the database that was written since its last flush is on disk in an older or a newer state, and the logs
// hold what was acknowledged, some with the beginning of a record that was not.
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import type { QueueBackend } from '../queue-backend.js';
import { childProgram, type ChildProgram, type RunningChild } from '../testing/child-program.js';
import { DONE, job, until } from '../testing/queue-harness.js';
import { temporaryFolder } from '../testing/temporary-folder.js';
import { openEmbeddedQueue } from './embedded-queue.js';

const PAGE = 4096;
const CUTS = 4;

let program: ChildProgram;
let parent: string;
let folder: string;
let cleanUp: () => Promise<void>;

beforeAll(async () => {
  program = await childProgram('queue-child');
});
afterAll(() => program.cleanUp());
beforeEach(async () => {
  ({ path: parent, cleanUp } = await temporaryFolder());
  folder = join(parent, 'queue');
});
afterEach(() => cleanUp());

const inLmdb = (name: string) => join('lmdb', name);
const read = (...parts: readonly string[]) => readFileSync(join(folder, ...parts));

function logsNow(): Map<string, Buffer> {
  const names = readdirSync(join(folder, 'redo'));
  return new Map(names.map((name) => [name, read('redo', name)]));
}

/** A copy of the folder as a machine finds it that starts again. */
function copyOf(database: Buffer, logs: ReadonlyMap<string, Buffer>): string {
  const copy = join(parent, 'copy');
  rmSync(copy, { recursive: true, force: true });
  for (const name of ['.', 'lmdb', 'redo']) mkdirSync(join(copy, name), { recursive: true });
  cpSync(join(folder, 'FORMAT'), join(copy, 'FORMAT'));
  cpSync(join(folder, inLmdb('checkpoint')), join(copy, inLmdb('checkpoint')));
  writeFileSync(join(copy, inLmdb('data.mdb')), database);
  for (const [name, bytes] of logs) writeFileSync(join(copy, 'redo', name), bytes);
  return copy;
}

/** Every page from one of the two. */
function mixed(older: Buffer, newer: Buffer, random: () => number): Buffer {
  const pages = Buffer.from(newer);
  for (let at = 0; at < older.length; at += PAGE) {
    if (random() < 0.5) older.copy(pages, at, at, at + PAGE);
  }
  return pages;
}

function seeded(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
}

const addedBy = (children: readonly RunningChild[]) =>
  children.flatMap((child) => child.values('added').flat() as string[]);

/** The ids of all jobs, by delivering them; each must come once. */
async function drain(queue: QueueBackend): Promise<string[]> {
  const { ready } = (await queue.status()).counts;
  const seen: string[] = [];
  queue.work(
    async ({ job: { id } }) => {
      seen.push(id);
      return DONE;
    },
    { concurrency: 500 },
  );
  await until('all are done', async () => (await queue.status()).totals.done === ready);
  return seen;
}

describe('a loss of power', () => {
  it('loses no job that a process was told of, and has every request as a whole', async () => {
    const random = seeded(11);
    await (await openEmbeddedQueue({ folder, queue: 'jobs' })).close();
    let names = 0;
    const start = () => program.start(folder, 'enqueue', '30000', `${(names += 1)}-`);
    const all = [start(), start(), start()];
    let live = [...all];
    for (let cut = 0; cut < CUTS;) {
      for (const child of live) {
        const before = child.values('added').length;
        const some = Math.floor(random() * 6);
        await until('it has added', () => child.values('added').length > before + some);
      }
      for (const child of live) child.signal('SIGSTOP');
      const checkpoint = read(inLmdb('checkpoint'));
      const older = read(inLmdb('data.mdb'));
      for (const child of live) child.signal('SIGCONT');
      const before = addedBy(live).length;
      await until('they have added', () => addedBy(live).length > before);
      if (random() < 0.4) {
        await live[0]!.kill();
        live = [...live.slice(1), start()];
        all.push(live.at(-1)!);
      }
      for (const child of live) child.signal('SIGSTOP');
      const acknowledged = addedBy(all);
      // Only as long as nothing was flushed in between can a page be in the older state.
      if (read(inLmdb('checkpoint')).equals(checkpoint)) {
        cut += 1;
        const database = mixed(older, read(inLmdb('data.mdb')), random);
        await expectAll(copyOf(database, logsNow()), acknowledged);
      }
      for (const child of live) child.signal('SIGCONT');
    }
    for (const child of live) await child.kill();
    await expectAll(folder, addedBy(all));
  }, 120_000);

  async function expectAll(copy: string, acknowledged: readonly string[]): Promise<void> {
    const queue = await openEmbeddedQueue({ folder: copy, queue: 'jobs' });
    const seen = await drain(queue);
    await queue.close();
    expect(new Set(seen).size).toBe(seen.length);
    const lost = acknowledged.filter((id) => !seen.includes(id));
    expect(lost).toEqual([]);
    const requests = new Map<string, number>();
    for (const id of seen) {
      const request = id.split('.')[0]!;
      requests.set(request, (requests.get(request) ?? 0) + 1);
    }
    expect([...requests].filter(([, count]) => count !== 3)).toEqual([]);
  }
});

describe('a log that is cut off at any byte', () => {
  it('gives a state that the queue has had, the newest one where nothing is missing', async () => {
    const ids = ['1', '2', '3', '4', '5', '6'];
    const queue = await openEmbeddedQueue({ folder, queue: 'jobs' });
    for (const id of ids) await queue.enqueue([job({ id })]);
    const database = read(inLmdb('data.mdb'));
    const logs = logsNow();
    const [name, log] = [...logs].find(([one]) => one.endsWith('.log'))!;
    const examples: [number][] = [[0], [1], [log.length]];
    await fc.assert(
      fc.asyncProperty(fc.nat(8 * PAGE), async (length) => {
        const cut = new Map([...logs, [name, log.subarray(0, length)]]);
        const other = await openEmbeddedQueue({ folder: copyOf(database, cut), queue: 'jobs' });
        const found = await Promise.all(ids.map((id) => other.find(id)));
        const { ready } = (await other.status()).counts;
        await other.close();
        expect(found.map((one) => one?.state)).toEqual(
          ids.map((_, at) => (at < ready ? 'ready' : undefined)),
        );
        if (length === log.length) expect(ready).toBe(ids.length);
      }),
      { numRuns: 20, examples },
    );
    await queue.close();
  });
});

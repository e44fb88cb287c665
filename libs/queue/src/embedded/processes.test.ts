// Real processes on one folder: several at once, killed at any instant, and stopped for a while.
import { childProgram, type ChildProgram, type RunningChild } from '../testing/child-program.js';
import { AT_ONCE, DONE, job, settled, until } from '../testing/queue-harness.js';
import { temporaryFolder } from '../testing/temporary-folder.js';
import type { QueueBackend } from '../queue-backend.js';
import { openEmbeddedQueue } from './embedded-queue.js';

let program: ChildProgram;
let folder: string;
let cleanUp: () => Promise<void>;
let queue: QueueBackend;

beforeAll(async () => {
  program = await childProgram('queue-child');
});
afterAll(() => program.cleanUp());
beforeEach(async () => {
  ({ path: folder, cleanUp } = await temporaryFolder());
  queue = await openEmbeddedQueue({ folder, queue: 'jobs' });
});
afterEach(async () => {
  await queue.close();
  await cleanUp();
});

/** Numbers from 0 up to 1 with a fixed seed. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
}

const begunBy = (children: readonly RunningChild[]) =>
  children.flatMap((child) => child.values('begun') as string[]);

describe('processes on one folder', () => {
  it('share the jobs: each is delivered once', async () => {
    const children = [program.start(folder, 'work'), program.start(folder, 'work')];
    for (const child of children) {
      await until('it works', () => child.values('working').length === 1);
    }
    const ids = Array.from({ length: 12 }, (_, i) => `job ${i}`);
    await queue.enqueue(ids.map((id) => job({ id, payload: 'hang' })));
    // Each takes eight at a time, and none of them ends: so both have to.
    await until('all have begun', () => begunBy(children).length >= ids.length);
    expect(begunBy(children).sort()).toEqual([...ids].sort());
    const counts = children.map((child) => begunBy([child]).length);
    expect(Math.max(...counts)).toBeLessThanOrEqual(8);
    expect((await queue.status()).counts.active).toBe(12);
    for (const child of children) await child.kill();
  });

  it('lose no job and repeat none that is done, however often a worker is killed', async () => {
    const random = seeded(7);
    const ids = Array.from({ length: 150 }, (_, i) => `job ${i}`);
    await queue.enqueue(
      ids.map((id, i) =>
        job({
          id,
          payload: i % 5,
          maxAttempts: 100,
          backoff: AT_ONCE,
          ...(i % 3 === 0 ? { partition: `p${i % 4}` } : {}),
        }),
      ),
    );
    const done = new Set<string>();
    const children: RunningChild[] = [];
    for (let round = 0; round < 8; round += 1) {
      const child = program.start(folder, 'work');
      children.push(child);
      const enough = 1 + Math.floor(random() * 18);
      await until('it has begun some', () => begunBy([child]).length >= enough || !child.isRunning);
      await child.kill();
      const again = begunBy([child]).filter((id) => done.has(id));
      expect(again).toEqual([]);
      for (const id of ids) if ((await queue.find(id))?.state === 'done') done.add(id);
    }
    const last = program.start(folder, 'work');
    await settled(queue, {}, { done: ids.length, dead: 0 });
    expect(begunBy([last]).filter((id) => done.has(id))).toEqual([]);
    const handled = [...children, last].flatMap((child) => child.values('handled') as string[]);
    expect([...new Set(handled)].sort()).toEqual([...ids].sort());
    await last.kill();
  });

  it('keep whole requests of a producer that is killed, and all that it was told of', async () => {
    const random = seeded(11);
    for (let round = 0; round < 4; round += 1) {
      const at = await temporaryFolder();
      const child = program.start(at.path, 'enqueue');
      const enough = Math.floor(random() * 40);
      await until('it has added some', () => child.lines.length > enough);
      await child.kill();
      const left = await openEmbeddedQueue({ folder: at.path, queue: 'jobs' });
      const told = child.values('added') as string[][];
      for (const id of told.flat()) expect((await left.find(id))?.state).toBe('ready');
      const next = told.length;
      const after = [0, 1, 2].map((part) => left.find(`${next}.${part}`));
      const kept = (await Promise.all(after)).map((found) => found !== undefined);
      expect(new Set(kept).size).toBe(1);
      expect((await left.status()).totals.enqueued).toBe(3 * (next + (kept[0] ? 1 : 0)));
      await left.close();
      await at.cleanUp();
    }
  });

  it('put a job aside that kills its workers, and go on with the others', async () => {
    await queue.enqueue([
      job({ id: 'poison', payload: 'die', maxAttempts: 2, backoff: AT_ONCE }),
      job({ id: 'good', payload: 0, maxAttempts: 100, backoff: AT_ONCE }),
    ]);
    for (let round = 0; round < 2; round += 1) await program.start(folder, 'work').ended;
    const last = program.start(folder, 'work');
    await settled(queue, { dead: 1 }, { done: 1 });
    expect(await queue.dead.show('poison')).toMatchObject({
      cause: 'poison',
      attempts: 2,
      reason: { code: 'QUE107' },
    });
    await last.kill();
  });

  it('take deliveries from a process that stands still, and no outcome of it counts', async () => {
    const child = program.start(folder, 'work', '400');
    await until('it works', () => child.values('working').length === 1);
    await queue.enqueue([job({ id: 'a', payload: 100, backoff: AT_ONCE })]);
    await until('it has begun', () => begunBy([child]).length === 1);
    child.signal('SIGSTOP');
    const attempts: number[] = [];
    queue.work(async ({ attempt }) => {
      attempts.push(attempt);
      return DONE;
    });
    await settled(queue, {}, { done: 1 });
    child.signal('SIGCONT');
    await until('it has noticed', () => child.values('aborted').length === 1);
    await settled(queue, {}, { done: 1, dead: 0 });
    expect(attempts).toEqual([2]);
    // It takes part again.
    await until('both are workers', async () => (await queue.status()).workers.length === 2);
    await child.kill();
  });

  it('find a worker that was killed at once, long before its time is over', async () => {
    const child = program.start(folder, 'work', '2000000');
    await queue.enqueue([job({ id: 'a', payload: 'hang', backoff: AT_ONCE })]);
    await until('it has begun', () => begunBy([child]).length === 1);
    await child.kill();
    queue.work(async () => DONE);
    await settled(queue, {}, { done: 1, retried: 1 });
    expect((await queue.status()).workers.length).toBe(1);
  });
});

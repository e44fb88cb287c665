// What goes wrong around an embedded queue: damaged and foreign records, a full disk, clocks that jump.
import { openTableStore, type Table, type TableStore } from '@basalt/capabilities';
import fc from 'fast-check';
import type { DeliveryOutcome } from '../job.js';
import { AT_ONCE, DONE, codeOf, job, settled, until } from '../testing/queue-harness.js';
import { temporaryFolder } from '../testing/temporary-folder.js';
import { openEmbeddedQueue } from './embedded-queue.js';
import { KIND, QueueKeys, numberPart, type Kind } from './queue-keys.js';

let folder: string;
let cleanUp: () => Promise<void>;

beforeEach(async () => {
  ({ path: folder, cleanUp } = await temporaryFolder());
});
afterEach(() => cleanUp());

const format = { name: 'basalt-journal', version: 1, logged: true };
const reason = { code: 'TEST1', message: 'no' };
/** The first queue of a folder. */
const keys = new QueueKeys(1);

async function tamper(change: (table: Table) => void): Promise<void> {
  const store: TableStore = await openTableStore(folder, { format, tables: ['queue'] });
  await store.transact('tamper', 1_000, (tables) => change(tables('queue')));
  await store.close();
}

describe('damaged and foreign records', () => {
  it('are put aside with their bytes, and the jobs behind them go on', async () => {
    const queue = await openEmbeddedQueue({ folder, queue: 'q' });
    await queue.enqueue(['body', 'item', 'gone', 'good'].map((id) => job({ id })));
    const garbage = Buffer.from('garbage');
    await tamper((table) => {
      table.putSync(keys.key('body', numberPart(1)), garbage);
      table.putSync(keys.key('item', numberPart(2)), garbage);
      table.removeSync(keys.key('body', numberPart(3)));
      table.putSync(keys.key('ready', Buffer.alloc(9, 1)), garbage);
      table.putSync(keys.key('delayed', Buffer.alloc(16)), garbage);
    });
    const seen: string[] = [];
    queue.work(async ({ job: { id } }) => {
      seen.push(id);
      return DONE;
    });
    await until('five are put aside', async () => (await queue.dead.list()).total === 5);
    await until('the good one is done', async () => (await queue.find('good'))?.state === 'done');
    expect(seen).toEqual(['good']);
    const { letters } = await queue.dead.list();
    const shown = letters.map(({ id, cause, raw, job: kept, reason: { code } }) => ({
      id: id.replace(/-.*/, ''),
      cause,
      code,
      raw: Buffer.from(raw!).toString(),
      job: kept,
    }));
    const aside = { cause: 'malformed', code: 'QUE108', job: undefined };
    expect(shown.sort((a, b) => (a.id < b.id ? -1 : 1))).toMatchObject([
      { ...aside, id: 'body', raw: 'garbage' },
      { ...aside, id: 'gone' },
      { ...aside, id: 'item' },
      { ...aside, id: 'unreadable', raw: 'garbage' },
      { ...aside, id: 'unreadable', raw: 'garbage' },
    ]);
    // They cannot be replayed, and can be purged.
    expect(await queue.dead.replay(['body', 'gone'])).toEqual([]);
    await queue.close();
  });

  it('never keep new jobs from being done', async () => {
    const kinds = Object.keys(KIND) as Kind[];
    const damage = fc.record({
      kind: fc.constantFrom(...kinds),
      which: fc.nat(3),
      bytes: fc.uint8Array({ minLength: 1, maxLength: 40 }),
      // Another record of the queue in its place: sound, and wrong.
      swap: fc.boolean(),
    });
    let number = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(damage, { minLength: 1, maxLength: 6 }), async (all) => {
        number += 1;
        const name = `q${number}`;
        const own = new QueueKeys(number);
        const queue = await openEmbeddedQueue({ folder, queue: name });
        await fill(queue);
        await tamper((table) => {
          const sound = [...table.getRange(own.range('item'))].map(({ value }) =>
            Buffer.from(value),
          );
          for (const { kind, which, bytes, swap } of all) {
            const found = [...table.getRange(own.range(kind))].map(({ key }) => Buffer.from(key));
            const key = found[which % Math.max(1, found.length)] ?? own.key(kind, bytes);
            table.putSync(key, swap && sound.length > 0 ? sound[0]! : Buffer.from(bytes));
          }
        });
        const seen: string[] = [];
        const worker = queue.work(async ({ job: { id } }) => {
          seen.push(id);
          return DONE;
        });
        const fresh = [job({ id: 'new 1' }), job({ id: 'new 2', partition: 'new' })];
        await queue.unpause();
        await queue.enqueue(fresh);
        await until('new jobs are done', () => seen.includes('new 1') && seen.includes('new 2'));
        await queue.status();
        await queue.dead.list();
        await worker.close();
        await queue.close();
      }),
      { numRuns: 25 },
    );
  });
});

/** A few jobs in every place. */
async function fill(queue: Awaited<ReturnType<typeof openEmbeddedQueue>>): Promise<void> {
  await queue.enqueue([
    job({ id: 'ready', dedupeKey: 'k', dedupeTtlMs: 1 }),
    job({ id: 'line 1', partition: 'p' }),
    job({ id: 'line 2', partition: 'p' }),
    job({ id: 'dead' }),
    job({ id: 'parked' }),
    job({ id: 'later', notBefore: Date.now() + 3_600_000 }),
    job({ id: 'done' }),
  ]);
  await queue.schedule({ id: 's', everyMs: 3_600_000, job: job() });
  const outcomes: Readonly<Record<string, DeliveryOutcome>> = {
    dead: { kind: 'dead', reason },
    parked: { kind: 'parked' },
    done: DONE,
  };
  const hour = { kind: 'retry', reason, delayMs: 3_600_000 } as const;
  const worker = queue.work(async ({ job: { id } }) => outcomes[id] ?? hour);
  await until('it is filled', async () => {
    const { counts } = await queue.status();
    return counts.active === 0 && counts.dead === 1 && counts.delayed === 3 && counts.parked === 1;
  });
  await worker.close();
}

describe('a full disk', () => {
  it('refuses new jobs with a code, and lets what is there be done', async () => {
    const roomy = await openEmbeddedQueue({ folder, queue: 'q' });
    await roomy.enqueue([job({ id: 'a' }), job({ id: 'b', backoff: AT_ONCE })]);
    // No disk has this much free space, so every disk counts as full.
    const full = await openEmbeddedQueue({
      folder,
      queue: 'q',
      minFreeBytes: Number.MAX_SAFE_INTEGER,
    });
    expect(await codeOf(full.enqueue([job({ id: 'c' }), job({ id: 'd' })]))).toBe('CAP107');
    const mixed = [full.enqueue([job({ id: 'e' })]), full.pause(), full.unpause()];
    expect(await Promise.all(mixed.map((one) => codeOf(one)))).toEqual([
      'CAP107',
      undefined,
      undefined,
    ]);
    const attempts: string[] = [];
    full.work(async ({ job: { id }, attempt }) => {
      attempts.push(`${id}.${attempt}`);
      return id === 'b' && attempt === 1 ? { kind: 'retry', reason } : DONE;
    });
    await settled(full, {}, { enqueued: 2, done: 2 });
    expect(attempts.sort()).toEqual(['a.1', 'b.1', 'b.2']);
    for (const id of ['c', 'd', 'e']) expect(await full.find(id)).toBeUndefined();
    await full.close();
    await roomy.close();
  });
});

describe('clocks that jump', () => {
  const HOUR = 3_600_000;

  it('set back: a backoff does not become as long as the jump', async () => {
    let now = Date.parse('2030-01-01T00:00:00Z');
    const queue = await openEmbeddedQueue({ folder, queue: 'q', now: () => now });
    await queue.enqueue([job({ id: 'a' }), job({ id: 'wall', notBefore: now + HOUR })]);
    const attempts: number[] = [];
    queue.work(async ({ attempt }) => {
      attempts.push(attempt);
      return attempt === 1 ? { kind: 'retry', reason, delayMs: 1_000 } : DONE;
    });
    await settled(queue, { delayed: 2 });
    now -= 365 * 24 * HOUR;
    await queue.pause();
    await queue.unpause();
    // The backoff begins anew where the step back is noticed, whenever that is.
    await until('it was tried again', () => {
      now += 50;
      return attempts.length === 2;
    });
    // A time on the wall clock is one still.
    await settled(queue, { delayed: 1 }, { done: 1 });
    await queue.close();
  });

  it('set forward: deliveries stay with their workers, and delays are over', async () => {
    let now = Date.parse('2030-01-01T00:00:00Z');
    const queue = await openEmbeddedQueue({ folder, queue: 'q', now: () => now });
    const other = await openEmbeddedQueue({ folder, queue: 'q', now: () => now });
    await queue.enqueue([job({ id: 'long' }), job({ id: 'later', notBefore: now + HOUR })]);
    const seen: string[] = [];
    let finish!: () => void;
    const finished = new Promise<void>((resolve) => (finish = resolve));
    const handle = async ({ job: { id }, attempt }: { job: { id: string }; attempt: number }) => {
      seen.push(`${id}.${attempt}`);
      if (id === 'long') await finished;
      return DONE;
    };
    queue.work(handle, { visibilityMs: 2_000 });
    other.work(handle, { visibilityMs: 2_000 });
    await until('it has begun', () => seen.length === 1);
    now += 1_000 * 24 * HOUR;
    await until('the later one came', () => seen.includes('later.1'));
    finish();
    await settled(queue, {}, { done: 2, retried: 0 });
    expect(seen.sort()).toEqual(['later.1', 'long.1']);
    await other.close();
    await queue.close();
  });

  it('make no schedule fire twice, and missed ticks fire once', async () => {
    let now = Date.parse('2030-01-01T00:00:30Z');
    const queue = await openEmbeddedQueue({ folder, queue: 'q', now: () => now });
    const seen: string[] = [];
    queue.work(async ({ job: { id } }) => {
      seen.push(id);
      return DONE;
    });
    await queue.schedule({ id: 's', everyMs: 60_000, job: job() });
    now = Date.parse('2030-01-01T00:01:00Z');
    await until('it fired', () => seen.length === 1);
    // Ten minutes are missed; then the clock is put back into them.
    now = Date.parse('2030-01-01T00:10:30Z');
    await until('it fired once for what was missed', () => seen.length === 2);
    now = Date.parse('2030-01-01T00:05:00Z');
    await queue.enqueue([job({ id: 'mark', priority: -100 })]);
    await until('the mark is done', () => seen.includes('mark'));
    now = Date.parse('2030-01-01T00:11:00Z');
    await until('it goes on', () => seen.length === 4);
    expect(seen).toEqual([
      's@2030-01-01T00:01:00.000Z',
      's@2030-01-01T00:10:00.000Z',
      'mark',
      's@2030-01-01T00:11:00.000Z',
    ]);
    // A clock that was wrong by more than a day is not waited for.
    now = Date.parse('2029-01-01T00:00:30Z');
    await queue.pause();
    await queue.unpause();
    await until('it was worked out anew', async () => {
      now += 1_000;
      return seen.length === 5;
    });
    expect(seen[4]!.slice(0, 6)).toBe('s@2029');
    await queue.close();
  });
});

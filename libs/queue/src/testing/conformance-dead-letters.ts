// Dead letters: why they are there, listing, replaying, purging.
import assert from 'node:assert/strict';
import type { DeliveryOutcome } from '../job.js';
import type { QueueBackend } from '../queue-backend.js';
import {
  AT_ONCE,
  DONE,
  job,
  settled,
  until,
  type ConformanceCase,
  type QueueUnderTest,
} from './queue-harness.js';

const reason = { code: 'TEST9', message: 'cannot be' };

/** A queue with `count` rejected jobs: "0", "1" and so on. */
async function withLetters(queue: QueueUnderTest, count: number): Promise<QueueBackend> {
  const backend = await queue.open();
  await backend.enqueue(Array.from({ length: count }, (_, i) => job({ id: String(i) })));
  const worker = queue.work(backend, () => ({ kind: 'dead', reason }), { concurrency: 1 });
  await settled(backend, { dead: count }, { dead: count });
  await worker.close();
  return backend;
}

const idsOf = (letters: readonly { readonly id: string }[]) => letters.map(({ id }) => id);

export const deadLetterCases: readonly ConformanceCase[] = [
  {
    name: 'puts aside what is rejected or has used up its attempts, with the reason',
    async run(queue) {
      const backend = await queue.open();
      const before = Date.now();
      await backend.enqueue([
        job({ id: 'rejected', payload: { n: 1 } }),
        job({ id: 'exhausted', maxAttempts: 2, backoff: AT_ONCE }),
      ]);
      queue.work(backend, ({ job: { id } }): DeliveryOutcome =>
        id === 'rejected' ? { kind: 'dead', reason } : { kind: 'retry', reason },
      );
      await settled(backend, { dead: 2 }, { dead: 2, retried: 1, done: 0 });
      const shown = [];
      for (const id of ['rejected', 'exhausted', 'unknown']) {
        const letter = await backend.dead.show(id);
        if (letter === undefined) continue;
        const { job: kept, diedAt, raw, ...rest } = letter;
        assert.ok(diedAt >= before && diedAt <= Date.now());
        assert.equal(raw, undefined);
        shown.push({ ...rest, payload: kept?.payload });
      }
      assert.deepEqual(shown, [
        { id: 'rejected', attempts: 1, reason, cause: 'rejected', payload: { n: 1 } },
        { id: 'exhausted', attempts: 2, reason, cause: 'exhausted', payload: null },
      ]);
      assert.equal((await backend.find('rejected'))?.state, 'dead');
    },
  },
  {
    name: 'lists dead letters page by page, in the order in which they died',
    async run(queue) {
      const backend = await withLetters(queue, 5);
      const all = await backend.dead.list();
      assert.deepEqual([idsOf(all.letters), all.total], [['0', '1', '2', '3', '4'], 5]);
      const page = await backend.dead.list({ offset: 3, limit: 1 });
      assert.deepEqual([idsOf(page.letters), page.total], [['3'], 5]);
      const beyond = await backend.dead.list({ offset: 9 });
      assert.deepEqual([beyond.letters, beyond.total], [[], 5]);
    },
  },
  {
    name: 'replays dead letters with fresh attempts',
    async run(queue) {
      const backend = await withLetters(queue, 4);
      assert.deepEqual(await backend.dead.replay(['2', 'unknown', '2']), ['2']);
      assert.equal((await backend.find('2'))?.state, 'ready');
      assert.deepEqual([...(await backend.dead.replay())].sort(), ['0', '1', '3']);
      assert.deepEqual((await backend.dead.list()).letters, []);
      const seen: string[] = [];
      queue.work(backend, ({ job: { id }, attempt }) => {
        seen.push(`${id}.${attempt}`);
        return DONE;
      });
      await settled(backend, {}, { done: 4 });
      assert.deepEqual(seen.sort(), ['0.1', '1.1', '2.1', '3.1']);
    },
  },
  {
    name: 'purges dead letters, and forgets their ids',
    async run(queue) {
      const backend = await withLetters(queue, 4);
      assert.equal(await backend.dead.purge(['1', 'unknown']), 1);
      assert.equal(await backend.dead.show('1'), undefined);
      assert.equal(await backend.dead.purge(), 3);
      await settled(backend, {}, { dead: 4 });
      assert.deepEqual(await backend.enqueue([job({ id: '1' })]), [{ id: '1', duplicate: false }]);
    },
  },
  {
    name: 'takes a dead job for known until it is purged or removed',
    async run(queue) {
      const backend = await withLetters(queue, 2);
      assert.deepEqual(await backend.enqueue([job({ id: '0' })]), [{ id: '0', duplicate: true }]);
      assert.equal(await backend.remove('0'), true);
      await until('it is gone', async () => (await backend.find('0')) === undefined);
      assert.deepEqual((await backend.dead.list()).total, 1);
    },
  },
];

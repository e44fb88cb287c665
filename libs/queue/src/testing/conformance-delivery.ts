// What becomes of deliveries: attempts, failures, parking, removal, pausing, and workers that stop.
import assert from 'node:assert/strict';
import type { DeliveryOutcome } from '../job.js';
import {
  AT_ONCE,
  DONE,
  gate,
  job,
  pause,
  settled,
  thrownCode,
  until,
  type ConformanceCase,
} from './queue-harness.js';

const reason = { code: 'TEST1', message: 'not now' };

export const deliveryCases: readonly ConformanceCase[] = [
  {
    name: 'delivers again after a failure, and counts attempts',
    async run(queue) {
      const backend = await queue.open();
      await backend.enqueue([job({ id: 'a', maxAttempts: 5, backoff: AT_ONCE })]);
      const attempts: number[] = [];
      queue.work(backend, ({ attempt }) => {
        attempts.push(attempt);
        return attempt < 3 ? { kind: 'retry', reason } : DONE;
      });
      await settled(backend, {}, { done: 1, retried: 2, dead: 0 });
      assert.deepEqual(attempts, [1, 2, 3]);
    },
  },
  {
    name: 'does not count what is given back without an attempt',
    async run(queue) {
      const backend = await queue.open();
      await backend.enqueue([job({ id: 'a', maxAttempts: 1 })]);
      const attempts: number[] = [];
      queue.work(backend, ({ attempt }) => {
        attempts.push(attempt);
        if (attempts.length > 3) return DONE;
        return { kind: 'retry', reason, delayMs: 1, countsAttempt: false };
      });
      await settled(backend, {}, { done: 1, dead: 0 });
      assert.deepEqual(attempts, [1, 1, 1, 1]);
    },
  },
  {
    name: 'waits as long as the outcome or the backoff says',
    async run(queue) {
      const backend = await queue.open();
      const backoff = { baseMs: 60, factor: 1, maxMs: 60, jitter: 0 };
      await backend.enqueue([job({ id: 'backoff', backoff }), job({ id: 'said' })]);
      const times = new Map<string, number[]>();
      queue.work(backend, ({ job: { id }, attempt }) => {
        times.set(id, [...(times.get(id) ?? []), performance.now()]);
        if (attempt > 1) return DONE;
        return { kind: 'retry', reason, ...(id === 'said' ? { delayMs: 60 } : {}) };
      });
      await settled(backend, {}, { done: 2 });
      for (const [id, [first, second]] of times) {
        // Timers may be a millisecond early by the clock of the test.
        assert.ok(second! - first! >= 55, `${id} came after ${second! - first!} ms`);
      }
    },
  },
  {
    name: 'takes an error of the handler for a failed attempt',
    async run(queue) {
      const backend = await queue.open();
      await backend.enqueue([job({ id: 'a', maxAttempts: 2, backoff: AT_ONCE })]);
      queue.work(backend, () => {
        throw new TypeError('broken');
      });
      await settled(backend, { dead: 1 }, { retried: 1, dead: 1 });
      const letter = await backend.dead.show('a');
      assert.deepEqual(
        [letter?.cause, letter?.attempts, letter?.reason.code],
        ['exhausted', 2, 'QUE111'],
      );
    },
  },
  {
    name: 'takes an outcome that is none for a failed attempt',
    async run(queue) {
      const backend = await queue.open();
      await backend.enqueue([job({ id: 'a', maxAttempts: 1 })]);
      queue.work(backend, () => undefined as unknown as DeliveryOutcome);
      await settled(backend, { dead: 1 });
      assert.equal((await backend.dead.show('a'))?.reason.code, 'QUE111');
    },
  },
  {
    name: 'does not deliver a job before its time',
    async run(queue) {
      const backend = await queue.open();
      const notBefore = Date.now() + 150;
      await backend.enqueue([
        job({ id: 'later', notBefore }),
        job({ id: 'far', notBefore: Date.now() + 3_600_000 }),
        job({ id: 'now', notBefore: 0 }),
      ]);
      assert.equal((await backend.find('far'))?.state, 'delayed');
      const seen: string[] = [];
      let laterAt = 0;
      queue.work(backend, ({ job: { id } }) => {
        seen.push(id);
        if (id === 'later') laterAt = Date.now();
        return DONE;
      });
      await settled(backend, { delayed: 1 }, { done: 2 });
      assert.deepEqual(seen, ['now', 'later']);
      assert.ok(laterAt >= notBefore - 1);
      assert.equal(await backend.remove('far'), true);
    },
  },
  {
    name: 'parks a job until it is resumed, once',
    async run(queue) {
      const backend = await queue.open();
      await backend.enqueue([job({ id: 'a', maxAttempts: 1 })]);
      const attempts: number[] = [];
      queue.work(backend, ({ attempt }) => {
        attempts.push(attempt);
        return attempts.length === 1 ? { kind: 'parked' } : DONE;
      });
      await settled(backend, { parked: 1 });
      assert.equal((await backend.find('a'))?.state, 'parked');
      assert.equal(await backend.resume('unknown'), false);
      assert.equal(await backend.resume('a'), true);
      await settled(backend, {}, { done: 1 });
      assert.equal(await backend.resume('a'), false);
      assert.equal(attempts.length, 2);
    },
  },
  {
    name: 'parks a job until a time at most',
    async run(queue) {
      const backend = await queue.open();
      await backend.enqueue([job({ id: 'a', partition: 'p' }), job({ id: 'b' })]);
      const seen: string[] = [];
      const until = Date.now() + 120;
      let lastAt = 0;
      queue.work(backend, ({ job: { id }, attempt }): DeliveryOutcome => {
        seen.push(`${id}.${attempt}`);
        if (seen.filter((name) => name.startsWith(id)).length > 1) {
          lastAt = Date.now();
          return DONE;
        }
        return { kind: 'parked', until: id === 'a' ? until : Date.now() + 3_600_000 };
      });
      await settled(backend, { parked: 1 }, { done: 1 });
      assert.ok(lastAt >= until - 1);
      assert.equal(await backend.resume('b'), true);
      await settled(backend, {}, { done: 2 });
      assert.deepEqual(seen.sort(), ['a.1', 'a.1', 'b.1', 'b.1']);
    },
  },
  {
    name: 'delivers a job again that is resumed while it is being parked',
    async run(queue) {
      const backend = await queue.open();
      await backend.enqueue([job({ id: 'a' })]);
      let deliveries = 0;
      queue.work(backend, async () => {
        deliveries += 1;
        if (deliveries > 1) return DONE;
        // The event comes after the run was seen to wait for it, and before the queue knows.
        assert.equal(await backend.resume('a'), true);
        return { kind: 'parked' };
      });
      await settled(backend, {}, { done: 1 });
      assert.equal(deliveries, 2);
    },
  },
  {
    name: 'removes what is not active',
    async run(queue) {
      const backend = await queue.open();
      await backend.enqueue([job({ id: 'a' }), job({ id: 'b' }), job({ id: 'c', partition: 'p' })]);
      assert.equal(await backend.remove('a'), true);
      assert.equal(await backend.remove('a'), false);
      assert.equal(await backend.remove('c'), true);
      assert.equal(await backend.find('a'), undefined);
      const held = gate();
      const seen: string[] = [];
      queue.work(backend, async ({ job: { id } }) => {
        seen.push(id);
        await held.opened;
        return DONE;
      });
      await until('b is active', async () => (await backend.find('b'))?.state === 'active');
      assert.equal(await backend.remove('b'), false);
      held.open();
      await settled(backend, {}, { done: 1 });
      assert.deepEqual(seen, ['b']);
    },
  },
  {
    name: 'delivers nothing while it is paused, over all that have it open',
    async run(queue) {
      const backend = await queue.open();
      const other = await queue.open();
      const seen: string[] = [];
      queue.work(backend, ({ job: { id } }) => {
        seen.push(id);
        return DONE;
      });
      await other.pause();
      await other.pause();
      await backend.enqueue([job({ id: 'a' })]);
      await pause(100);
      assert.deepEqual([seen, (await backend.status()).paused], [[], true]);
      await other.unpause();
      await settled(backend, {}, { done: 1 });
      assert.deepEqual([seen, (await other.status()).paused], [['a'], false]);
    },
  },
  {
    name: 'ends what is active before a worker has closed',
    async run(queue) {
      const backend = await queue.open();
      await backend.enqueue([job({ id: 'a' }), job({ id: 'b' })]);
      const held = gate();
      const begun = gate();
      const worker = queue.work(
        backend,
        async () => {
          begun.open();
          await held.opened;
          return DONE;
        },
        { concurrency: 1 },
      );
      await begun.opened;
      const closed = worker.close();
      held.open();
      await closed;
      assert.deepEqual((await backend.status()).workers, []);
      await settled(backend, { ready: 1 }, { done: 1 });
    },
  },
  {
    name: 'gives back what does not end in time, without an attempt',
    async run(queue) {
      const backend = await queue.open();
      await backend.enqueue([job({ id: 'a', maxAttempts: 1 })]);
      const begun = gate();
      const aborted = gate();
      const worker = queue.work(backend, async ({ signal }) => {
        begun.open();
        signal.addEventListener('abort', () => aborted.open());
        await aborted.opened;
        await new Promise<never>(() => undefined);
        return DONE;
      });
      await begun.opened;
      await worker.close(20);
      await aborted.opened;
      await settled(backend, { ready: 1 }, { done: 0, dead: 0 });
      const attempts: number[] = [];
      queue.work(backend, ({ attempt }) => {
        attempts.push(attempt);
        return DONE;
      });
      await settled(backend, {}, { done: 1 });
      assert.deepEqual(attempts, [1]);
    },
  },
  {
    name: 'refuses worker options that are none',
    async run(queue) {
      const backend = await queue.open();
      const bad = [
        { concurrency: 0 },
        { concurrency: 1.5 },
        { concurrency: Infinity },
        { perKey: 0 },
        { perFlow: { a: 0 } },
        { rate: { max: 0, perMs: 1_000 } },
        { rate: { max: 1, perMs: 0 } },
        { visibilityMs: 10 },
        { id: '' },
      ];
      const codes = bad.map((options) =>
        thrownCode(() => queue.work(backend, () => DONE, options)),
      );
      assert.deepEqual(
        codes,
        bad.map(() => 'QUE105'),
      );
    },
  },
];

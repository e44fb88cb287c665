// The order of deliveries: arrival, priority, partitions.
import assert from 'node:assert/strict';
import type { DeliveryOutcome } from '../job.js';
import { DONE, gate, job, settled, until, type ConformanceCase } from './queue-harness.js';

const reason = { code: 'TEST1', message: 'not now' };

export const orderCases: readonly ConformanceCase[] = [
  {
    name: 'delivers in order of arrival, higher priorities first',
    async run(queue) {
      const backend = await queue.open();
      const priorities = [0, 0, 100, -100, 5, 5, -1, 0];
      await backend.enqueue(
        priorities.map((priority, i) => job({ id: `${priority}.${i}`, priority })),
      );
      const seen: string[] = [];
      queue.work(
        backend,
        ({ job: { id } }) => {
          seen.push(id);
          return DONE;
        },
        { concurrency: 1 },
      );
      await settled(backend, {});
      assert.deepEqual(seen, ['100.2', '5.4', '5.5', '0.0', '0.1', '0.7', '-1.6', '-100.3']);
    },
  },
  {
    name: 'delivers one job of a partition at a time, in order, and others beside it',
    async run(queue) {
      const backend = await queue.open();
      const jobs = Array.from({ length: 30 }, (_, i) =>
        job({ id: String(i), partition: `p${i % 3}`, priority: i % 2 }),
      );
      await backend.enqueue(jobs);
      const active = new Map<string, number>();
      const seen = new Map<string, number[]>();
      let most = 0;
      let together = 0;
      const handle = async ({
        job: { id, partition },
      }: {
        job: { id: string; partition?: string | undefined };
      }) => {
        const key = partition!;
        active.set(key, (active.get(key) ?? 0) + 1);
        most = Math.max(most, active.get(key)!);
        together = Math.max(together, [...active.values()].filter((n) => n > 0).length);
        seen.set(key, [...(seen.get(key) ?? []), Number(id)]);
        await new Promise((resolve) => setTimeout(resolve, 2));
        active.set(key, active.get(key)! - 1);
        return DONE;
      };
      queue.work(backend, handle, { concurrency: 4 });
      queue.work(backend, handle, { concurrency: 4 });
      await settled(backend, {}, { done: 30 });
      assert.equal(most, 1);
      assert.ok(together > 1, 'partitions never ran beside each other');
      for (const [key, ids] of seen) {
        const expected = jobs
          .filter(({ partition }) => partition === key)
          .map(({ id }) => Number(id));
        assert.deepEqual(ids, expected);
      }
    },
  },
  {
    name: 'holds a partition while its first job waits for another attempt',
    async run(queue) {
      const backend = await queue.open();
      await backend.enqueue([
        job({ id: 'a1', partition: 'a' }),
        job({ id: 'a2', partition: 'a' }),
        job({ id: 'b1', partition: 'b' }),
      ]);
      const seen: string[] = [];
      queue.work(backend, ({ job: { id }, attempt }): DeliveryOutcome => {
        seen.push(`${id}.${attempt}`);
        return id === 'a1' && attempt < 3 ? { kind: 'retry', reason, delayMs: 30 } : DONE;
      });
      await settled(backend, {}, { done: 3 });
      const ofA = seen.filter((name) => name.startsWith('a'));
      assert.deepEqual(ofA, ['a1.1', 'a1.2', 'a1.3', 'a2.1']);
      assert.ok(seen.indexOf('b1.1') < seen.indexOf('a1.3'));
    },
  },
  {
    name: 'frees a partition when its job is dead, parked or removed',
    async run(queue) {
      const backend = await queue.open();
      const ids = ['dead', 'parked', 'removed', 'last'];
      await backend.enqueue(ids.map((id) => job({ id, partition: 'p' })));
      assert.equal(await backend.remove('removed'), true);
      const seen: string[] = [];
      queue.work(backend, ({ job: { id } }): DeliveryOutcome => {
        seen.push(id);
        if (id === 'dead') return { kind: 'dead', reason };
        return id === 'parked' && seen.length < 3 ? { kind: 'parked' } : DONE;
      });
      await settled(backend, { parked: 1, dead: 1 }, { done: 1 });
      assert.equal(await backend.resume('parked'), true);
      await settled(backend, { dead: 1 }, { done: 2 });
      assert.deepEqual(seen, ['dead', 'parked', 'last', 'parked']);
    },
  },
  {
    name: 'delivers as many of a partition at a time as a worker allows',
    async run(queue) {
      const backend = await queue.open();
      await backend.enqueue(
        Array.from({ length: 9 }, (_, i) => job({ id: String(i), partition: 'p' })),
      );
      const held = gate();
      let active = 0;
      let most = 0;
      queue.work(
        backend,
        async () => {
          active += 1;
          most = Math.max(most, active);
          await held.opened;
          active -= 1;
          return DONE;
        },
        { concurrency: 8, perKey: 3 },
      );
      await until('three are active', () => active === 3);
      held.open();
      await settled(backend, {}, { done: 9 });
      assert.equal(most, 3);
    },
  },
];

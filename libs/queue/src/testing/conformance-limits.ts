// Limits: deliveries at a time of a worker and of a flow, deliveries in a window over all workers.
import assert from 'node:assert/strict';
import { DONE, gate, job, settled, until, type ConformanceCase } from './queue-harness.js';

const OTHER_FLOW = '0d9d7f64-3d0f-5f57-8f5b-26b6f6a8b0a2';

export const limitCases: readonly ConformanceCase[] = [
  {
    name: 'delivers no more at a time than the concurrency of its workers',
    async run(queue) {
      const backend = await queue.open();
      const other = await queue.open();
      await backend.enqueue(Array.from({ length: 20 }, (_, i) => job({ id: String(i) })));
      const held = gate();
      const active = [0, 0];
      const seen: string[] = [];
      const start = (worker: 0 | 1, concurrency: number) =>
        queue.work(
          worker === 0 ? backend : other,
          async ({ job: { id } }) => {
            seen.push(id);
            active[worker]! += 1;
            await held.opened;
            return DONE;
          },
          { concurrency, id: `w${worker}` },
        );
      start(0, 2);
      start(1, 5);
      await until('both are busy', () => active[0] === 2 && active[1] === 5);
      const { counts, workers } = await backend.status();
      assert.deepEqual([counts.active, counts.ready], [7, 13]);
      assert.deepEqual(
        [...workers].sort((a, b) => (a.id < b.id ? -1 : 1)),
        [
          { id: 'w0', concurrency: 2, active: 2 },
          { id: 'w1', concurrency: 5, active: 5 },
        ],
      );
      held.open();
      await settled(backend, {}, { done: 20 });
      assert.equal(new Set(seen).size, 20);
      assert.equal(seen.length, 20);
    },
  },
  {
    name: 'keeps to the limit of a flow, and lets other flows by',
    async run(queue) {
      const backend = await queue.open();
      const limited = Array.from({ length: 6 }, (_, i) => job({ id: `limited ${i}` }));
      await backend.enqueue([...limited, job({ id: 'other', flow: OTHER_FLOW })]);
      const held = gate();
      const begun: string[] = [];
      let active = 0;
      let most = 0;
      queue.work(
        backend,
        async ({ job: { id, flow } }) => {
          begun.push(id);
          if (flow === OTHER_FLOW) return DONE;
          active += 1;
          most = Math.max(most, active);
          await held.opened;
          active -= 1;
          return DONE;
        },
        { concurrency: 5, perFlow: { [limited[0]!.flow]: 2 } },
      );
      await until('the other flow has begun', () => begun.length === 3);
      assert.deepEqual([...begun].sort(), ['limited 0', 'limited 1', 'other']);
      held.open();
      await settled(backend, {}, { done: 7 });
      assert.equal(most, 2);
    },
  },
  {
    name: 'begins no more in a window than the rate, over all workers',
    async run(queue) {
      const backend = await queue.open();
      const other = await queue.open();
      await backend.enqueue(Array.from({ length: 9 }, (_, i) => job({ id: String(i) })));
      const times: number[] = [];
      const rate = { max: 3, perMs: 200 };
      for (const at of [backend, other]) {
        queue.work(
          at,
          () => {
            times.push(performance.now());
            return DONE;
          },
          { rate },
        );
      }
      await settled(backend, {}, { done: 9 });
      // Deliveries reach handlers a little later than they are begun, by a few milliseconds at most
      // on an idle machine: so what is checked is the whole, which cannot be begun in two windows.
      assert.equal(times.length, 9);
      assert.ok(times[8]! - times[0]! > 200, `9 began within ${times[8]! - times[0]!} ms`);
    },
  },
];

// Schedules: each tick makes one job, however many workers there are.
import assert from 'node:assert/strict';
import type { Schedule } from '../queue-backend.js';
import { DONE, codeOf, job, until, type ConformanceCase } from './queue-harness.js';

const BAD: readonly unknown[] = [
  null,
  { id: 'a' },
  { id: 'a', job: job() },
  { id: '', everyMs: 1_000, job: job() },
  { id: 'a', everyMs: 10, job: job() },
  { id: 'a', everyMs: 1_500.5, job: job() },
  { id: 'a', everyMs: 1_000, cron: '* * * * *', job: job() },
  { id: 'a', cron: '* * *', job: job() },
  { id: 'a', cron: '61 * * * *', job: job() },
  { id: 'a', cron: '0 0 31 2 *', job: job() },
  { id: 'a', cron: '* * * * *', timeZone: 'Mars/Olympus', job: job() },
];

export const scheduleCases: readonly ConformanceCase[] = [
  {
    name: 'makes one job a tick, with several workers',
    async run(queue) {
      const backend = await queue.open();
      const other = await queue.open();
      const seen: { readonly id: string; readonly at: number }[] = [];
      for (const at of [backend, other]) {
        queue.work(at, ({ job: { id, payload } }) => {
          assert.equal(payload, 'tick');
          seen.push({ id, at: Date.now() });
          return DONE;
        });
      }
      await backend.schedule({ id: 's', everyMs: 1_000, job: job({ payload: 'tick' }) });
      await until('it has fired twice', () => seen.length >= 2);
      assert.equal(await other.unschedule('s'), true);
      const ids = seen.map(({ id }) => id);
      assert.equal(new Set(ids).size, ids.length);
      for (const { id, at } of seen) {
        const tick = Date.parse(id.slice('s@'.length));
        assert.equal(tick % 1_000, 0);
        assert.ok(at >= tick - 1, `${id} came at ${new Date(at).toISOString()}`);
      }
    },
  },
  {
    name: 'lists, replaces and removes schedules',
    async run(queue) {
      const backend = await queue.open();
      const nightly: Schedule = {
        id: 'nightly/\u4e2d',
        cron: '30 2 * * *',
        timeZone: 'Europe/Berlin',
        job: job({ payload: { n: 1 }, partition: 'p' }),
      };
      await backend.schedule(nightly);
      await backend.schedule({ id: 'b', everyMs: 60_000, job: job() });
      await backend.schedule({ ...nightly, cron: '0 0 3 * * *' });
      const listed = [...(await backend.schedules())].sort((a, b) => (a.id < b.id ? -1 : 1));
      assert.deepEqual(listed, [
        { id: 'b', everyMs: 60_000, job: job() },
        { ...nightly, cron: '0 0 3 * * *' },
      ]);
      assert.equal(await backend.unschedule('b'), true);
      assert.equal(await backend.unschedule('b'), false);
      assert.equal((await backend.schedules()).length, 1);
    },
  },
  {
    name: 'refuses schedules that it could not keep',
    async run(queue) {
      const backend = await queue.open();
      const codes = [];
      for (const bad of BAD) codes.push(await codeOf(backend.schedule(bad as Schedule)));
      assert.deepEqual(
        codes,
        BAD.map(() => 'QUE106'),
      );
      const badJob = { id: 'a', everyMs: 1_000, job: job({ priority: 1_000 }) };
      assert.equal(await codeOf(backend.schedule(badJob)), 'QUE101');
      assert.deepEqual(await backend.schedules(), []);
    },
  },
];

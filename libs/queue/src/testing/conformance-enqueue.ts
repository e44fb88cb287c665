// What is taken in: whole requests, known ids and keys, limits, hostile names.
import assert from 'node:assert/strict';
import type { NewJob } from '../job.js';
import { DONE, FLOW, codeOf, job, settled, until, type ConformanceCase } from './queue-harness.js';

/** Texts that break stores which trust their keys. */
export const HOSTILE_NAMES = [
  ' ',
  '\0',
  'a\0b',
  ':',
  '{a}',
  '*',
  '../../etc/passwd',
  'a/b\\c',
  '__proto__',
  'constructor',
  '0',
  '12',
  'e\u0301',
  '\u00e9',
  '\u4e2d'.repeat(330),
  'x'.repeat(1000),
  '\r\nDEL *',
];

const BAD_JOBS: readonly unknown[] = [
  null,
  'job',
  job({ payload: undefined as never }),
  job({ payload: new Date() as never }),
  job({ flow: '' }),
  job({ flow: 1 as never }),
  job({ flowName: '\ud800' }),
  job({ id: '' }),
  job({ id: 'x'.repeat(1001) }),
  job({ partition: 7 as never }),
  job({ dedupeKey: '' }),
  job({ dedupeTtlMs: 0 }),
  job({ priority: 101 }),
  job({ priority: 0.5 }),
  job({ notBefore: -1 }),
  job({ notBefore: NaN }),
  job({ deadlineMs: 0 }),
  job({ maxAttempts: 0 }),
  job({ maxAttempts: 1.5 }),
  job({ backoff: { baseMs: -1, factor: 1, maxMs: 1, jitter: 0 } }),
  job({ backoff: { baseMs: 1, factor: 1, maxMs: 1, jitter: 2 } }),
  job({ backoff: {} as never }),
  job({ labels: { a: 1 } as never }),
  job({ extensions: [] as never }),
];

export const enqueueCases: readonly ConformanceCase[] = [
  {
    name: 'gives a job to a worker as it was enqueued, and forgets none of its members',
    async run(queue) {
      const backend = await queue.open();
      const given: NewJob = {
        flow: FLOW,
        flowName: 'orders',
        trigger: 'in',
        capture: 'out',
        payload: {
          nothing: null,
          yes: true,
          big: 2n ** 80n,
          half: 0.5,
          text: '\u4e2d\0"',
          bytes: Uint8Array.of(0, 255),
          list: [1, [], {}],
        },
        deadlineMs: 1_000,
        labels: { tenant: 'a' },
        extensions: { trace: { id: 'x' } },
        id: 'job 1',
        dedupeKey: 'key 1',
        dedupeTtlMs: 60_000,
        partition: 'customer 1',
        priority: 7,
        notBefore: 1,
        maxAttempts: 3,
        backoff: { baseMs: 1, factor: 2, maxMs: 3, jitter: 0.5 },
      };
      const before = Date.now();
      assert.deepEqual(await backend.enqueue([given]), [{ id: 'job 1', duplicate: false }]);
      const seen: unknown[] = [];
      queue.work(backend, ({ job: taken, attempt, signal }) => {
        const { enqueuedAt, ...rest } = taken;
        seen.push(rest, attempt, signal.aborted, enqueuedAt >= before);
        return DONE;
      });
      await settled(backend, {}, { enqueued: 1, done: 1, retried: 0, dead: 0, duplicates: 0 });
      assert.deepEqual(seen, [given, 1, false, true]);
      assert.equal((await backend.find('job 1'))?.state, 'done');
    },
  },
  {
    name: 'makes ids and gives the defaults',
    async run(queue) {
      const backend = await queue.open();
      const [first, second] = await backend.enqueue([job(), job()]);
      assert.notEqual(first!.id, second!.id);
      const found = await backend.find(first!.id);
      const { enqueuedAt, ...rest } = found!.job;
      assert.equal(typeof enqueuedAt, 'number');
      assert.deepEqual(
        { ...rest, state: found!.state },
        {
          flow: FLOW,
          flowName: 'orders',
          payload: null,
          id: first!.id,
          maxAttempts: 5,
          priority: 0,
          backoff: { baseMs: 500, factor: 2, maxMs: 300_000, jitter: 0.5 },
          state: 'ready',
        },
      );
      assert.equal(await backend.find('unknown'), undefined);
    },
  },
  {
    name: 'takes an id in once, also within one request and when the job is done',
    async run(queue) {
      const backend = await queue.open();
      const answers = await backend.enqueue([job({ id: 'a' }), job({ id: 'b' }), job({ id: 'a' })]);
      assert.deepEqual(
        answers.map(({ id, duplicate }) => [id, duplicate]),
        [
          ['a', false],
          ['b', false],
          ['a', true],
        ],
      );
      const seen: string[] = [];
      queue.work(backend, ({ job: { id } }) => {
        seen.push(id);
        return DONE;
      });
      await settled(backend, {});
      assert.deepEqual(await backend.enqueue([job({ id: 'a' })]), [{ id: 'a', duplicate: true }]);
      await settled(backend, {}, { enqueued: 2, done: 2, duplicates: 2 });
      assert.deepEqual(seen.sort(), ['a', 'b']);
    },
  },
  {
    name: 'takes a dedupe key in once, names the first job, and forgets the key after its time',
    async run(queue) {
      const backend = await queue.open();
      const keyed = (id: string, ttl: number) =>
        job({ id, dedupeKey: `k${ttl}`, dedupeTtlMs: ttl });
      assert.deepEqual(await backend.enqueue([keyed('a', 60_000), keyed('b', 60_000)]), [
        { id: 'a', duplicate: false },
        { id: 'a', duplicate: true },
      ]);
      assert.deepEqual(await backend.enqueue([keyed('c', 60_000)]), [{ id: 'a', duplicate: true }]);
      assert.equal(await backend.find('b'), undefined);
      await backend.enqueue([keyed('d', 30)]);
      let attempt = 0;
      await until('the key is forgotten', async () => {
        const [answer] = await backend.enqueue([keyed(`e${(attempt += 1)}`, 30)]);
        return !answer!.duplicate;
      });
    },
  },
  {
    name: 'takes in all jobs of a request or none',
    async run(queue) {
      const backend = await queue.open({ maxJobBytes: 2_000 });
      const codes = [];
      for (const bad of BAD_JOBS) {
        codes.push(await codeOf(backend.enqueue([job({ id: 'good' }), bad as NewJob])));
      }
      assert.deepEqual(
        codes,
        BAD_JOBS.map(() => 'QUE101'),
      );
      const large = job({ payload: 'x'.repeat(2_000) });
      assert.equal(await codeOf(backend.enqueue([job({ id: 'good' }), large])), 'QUE102');
      assert.equal(await backend.find('good'), undefined);
      assert.deepEqual(await backend.enqueue([]), []);
      await settled(backend, {}, { enqueued: 0 });
    },
  },
  {
    name: 'takes hostile ids, partitions, dedupe keys and flows as data',
    async run(queue) {
      const backend = await queue.open();
      const jobs = HOSTILE_NAMES.map((name) =>
        job({ id: name, partition: name, dedupeKey: name, flow: name, flowName: name }),
      );
      const answers = await backend.enqueue(jobs);
      assert.deepEqual(
        answers,
        HOSTILE_NAMES.map((id) => ({ id, duplicate: false })),
      );
      for (const id of HOSTILE_NAMES) assert.equal((await backend.find(id))?.job.partition, id);
      const seen: string[] = [];
      queue.work(backend, ({ job: { id } }) => {
        seen.push(id);
        return DONE;
      });
      await settled(backend, {}, { done: HOSTILE_NAMES.length });
      assert.deepEqual(seen.sort(), [...HOSTILE_NAMES].sort());
    },
  },
  {
    name: 'keeps queues apart, also those whose names look alike, and refuses unusable names',
    async run(queue) {
      const names = ['a', 'a:b', 'a b', 'A', '__proto__', '{a}'].map((n) => `${queue.name}${n}`);
      const backends = [];
      for (const name of names) backends.push(await queue.open({}, name));
      for (const [i, backend] of backends.entries()) {
        await backend.enqueue([job({ id: 'same', payload: i })]);
      }
      for (const [i, backend] of backends.entries()) {
        assert.equal((await backend.find('same'))?.job.payload, i);
        assert.equal((await backend.status()).queue, names[i]);
      }
      const codes = [];
      for (const name of ['', 'x'.repeat(129), 'a\0b', '\ud800', 1, null]) {
        codes.push(await codeOf(queue.open({}, name as string)));
      }
      assert.deepEqual(codes, Array(6).fill('QUE103'));
    },
  },
  {
    name: 'refuses every call once it is closed',
    async run(queue) {
      const backend = await queue.open();
      await backend.close();
      await backend.close();
      const codes = [
        await codeOf(backend.enqueue([job()])),
        await codeOf(backend.status()),
        await codeOf(backend.find('a')),
        await codeOf(backend.pause()),
        await codeOf(backend.dead.list()),
        await codeOf(backend.schedules()),
      ];
      assert.deepEqual(codes, Array(6).fill('QUE104'));
    },
  },
];

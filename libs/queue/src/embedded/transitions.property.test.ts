import { openTableStore, type TableStore } from '@basalt/capabilities';
import fc from 'fast-check';
import { admitJob } from '../admit-job.js';
import type { DeliveryOutcome } from '../job.js';
import { job } from '../testing/queue-harness.js';
import { QueueModel, type ModelNewJob } from '../testing/queue-model.js';
import { temporaryFolder } from '../testing/temporary-folder.js';
import { workerLimits } from '../worker-limits.js';
import { countAgain } from './count-again.js';
import { deadIds, listDead, replayDead } from './dead-letters.js';
import { enqueueJobs } from './enqueue-jobs.js';
import { QueueKeys } from './queue-keys.js';
import { QueueTransaction } from './queue-transaction.js';
import { settleDelivery } from './settle-delivery.js';
import { findJob, removeJob, resumeJob } from './single-job.js';
import { takeJobs, type Taken } from './take-jobs.js';
import { wakeDelayed } from './wake-delayed.js';
import { dropWorker } from './worker-records.js';

let store: TableStore;
let cleanUp: () => Promise<void>;
let queues = 0;

beforeAll(async () => {
  const folder = await temporaryFolder();
  store = await openTableStore(folder.path, {
    format: { name: 'basalt-journal', version: 1, logged: true },
    tables: ['queue'],
  });
  cleanUp = async () => {
    await store.close();
    await folder.cleanUp();
  };
});
afterAll(() => cleanUp());

type Step =
  | { readonly do: 'enqueue'; readonly jobs: readonly ModelNewJob[] }
  | { readonly do: 'take'; readonly worker: string; readonly room: number }
  | { readonly do: 'settle'; readonly pick: number; readonly outcome: DeliveryOutcome }
  | { readonly do: 'settleAgain'; readonly pick: number }
  | { readonly do: 'crash'; readonly worker: string }
  | { readonly do: 'advance'; readonly ms: number }
  | { readonly do: 'pause'; readonly paused: boolean }
  | { readonly do: 'resume' | 'remove' | 'replay'; readonly id: string }
  | { readonly do: 'replayAll' };

const id = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
const worker = fc.constantFrom('w1', 'w2');
const reason = { code: 'TEST1', message: 'no' };
const newJob = fc.record<ModelNewJob>({
  id,
  partition: fc.constantFrom(undefined, undefined, 'p', 'q'),
  priority: fc.constantFrom(0, 0, 5, -5),
  maxAttempts: fc.integer({ min: 1, max: 3 }),
  notBefore: fc.constantFrom(0, 0, 1_005, 1_030),
  dedupeKey: fc.constantFrom(undefined, undefined, 'k'),
  dedupeTtlMs: fc.constantFrom(5, 40),
});
const outcome = fc.oneof(
  fc.constant<DeliveryOutcome>({ kind: 'done' }),
  fc.constant<DeliveryOutcome>({ kind: 'dead', reason }),
  fc.constantFrom(undefined, 1_010, 1_040).map<DeliveryOutcome>((until) => ({
    kind: 'parked',
    until,
  })),
  fc
    .tuple(fc.constantFrom(undefined, 0, 15), fc.constantFrom(undefined, false))
    .map<DeliveryOutcome>(([delayMs, countsAttempt]) => ({
      kind: 'retry',
      reason,
      delayMs,
      countsAttempt,
    })),
);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.array(newJob, { maxLength: 3 }).map((jobs): Step => ({ do: 'enqueue', jobs })),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('take' as const), worker, room: fc.nat(3) }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant('settle' as const), pick: fc.nat(9), outcome }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('settleAgain' as const), pick: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('crash' as const), worker }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('advance' as const), ms: fc.nat(30) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('pause' as const), paused: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('resume', 'remove', 'replay'),
      id,
    }) as fc.Arbitrary<Step>,
  },
  { weight: 1, arbitrary: fc.constant<Step>({ do: 'replayAll' }) },
);

interface Held {
  readonly worker: string;
  readonly taken: Taken;
}

/** A queue under test and the model beside it. */
class Compared {
  readonly model = new QueueModel();
  readonly #keys = new QueueKeys((queues += 1));
  #held: Held[] = [];
  #settled: Held[] = [];

  #change<T>(body: (tx: QueueTransaction) => T): Promise<T> {
    return store.transact('test', 0, (tables) => {
      const tx = new QueueTransaction(tables('queue'), this.#keys, this.model.now, () => 0);
      const answer = body(tx);
      tx.finish();
      return answer;
    });
  }

  #read<T>(body: (tx: QueueTransaction) => T): Promise<T> {
    return store.read('test', (tables) =>
      body(new QueueTransaction(tables('queue'), this.#keys, this.model.now, () => 0)),
    );
  }

  async apply(given: Step): Promise<void> {
    const { model } = this;
    switch (given.do) {
      case 'enqueue': {
        const admitted = given.jobs.map((one) => admitJob(jobOf(one), model.now));
        const answers = await this.#change((tx) => enqueueJobs(tx, admitted));
        expect(answers).toEqual(given.jobs.map((one) => model.enqueue(one)));
        return;
      }
      case 'take': {
        const taker = { queue: 'q', limits: workerLimits(), room: given.room, flows: new Map() };
        const taken = await this.#change((tx) => takeJobs(tx, { ...taker, worker: given.worker }));
        const shown = taken.map(({ job: { id: name }, attempt }) => ({ id: name, attempt }));
        expect(shown).toEqual(model.take(given.worker, given.room));
        this.#held.push(...taken.map((one) => ({ worker: given.worker, taken: one })));
        return;
      }
      case 'settle': {
        const [held] = this.#held.splice(given.pick % Math.max(1, this.#held.length), 1);
        if (held === undefined) return;
        this.#settled.push(held);
        const { outcome: end } = given;
        const ok = await this.#change((tx) => settleDelivery(tx, held.worker, held.taken, end));
        expect(ok).toBe(true);
        model.settle(held.taken.job.id, end);
        return;
      }
      case 'settleAgain': {
        // A worker that does not hold the job any more changes nothing.
        const held = this.#settled[given.pick % Math.max(1, this.#settled.length)];
        if (held === undefined || this.#held.some(({ taken }) => same(taken, held.taken))) return;
        const end: DeliveryOutcome = { kind: 'dead', reason };
        const ok = await this.#change((tx) => settleDelivery(tx, held.worker, held.taken, end));
        expect(ok).toBe(false);
        return;
      }
      case 'crash':
        await this.#change((tx) => dropWorker(tx, given.worker));
        this.#settled.push(...this.#held.filter((held) => held.worker === given.worker));
        this.#held = this.#held.filter((held) => held.worker !== given.worker);
        model.crash(given.worker);
        return;
      case 'advance':
        model.advance(given.ms);
        await this.#change((tx) => wakeDelayed(tx, 'q'));
        return;
      case 'pause':
        model.paused = given.paused;
        await this.#change((tx) => void (tx.meta.paused = given.paused ? 1 : 0));
        return;
      case 'resume':
        expect(await this.#change((tx) => resumeJob(tx, given.id))).toBe(model.resume(given.id));
        return;
      case 'remove':
        expect(await this.#change((tx) => removeJob(tx, given.id))).toBe(model.remove(given.id));
        return;
      case 'replay':
        expect(await this.#change((tx) => replayDead(tx, [given.id]))).toEqual(
          model.replay([given.id]),
        );
        return;
      case 'replayAll': {
        const replayed = await this.#change((tx) => replayDead(tx, deadIds(tx, undefined, 99).ids));
        expect(replayed).toEqual(model.replay([...model.dead]));
        return;
      }
      default:
        given satisfies never;
    }
  }

  /** Everything that can be seen from outside is as in the model. */
  async compare(): Promise<void> {
    const { jobs, dead, totals } = this.model;
    const states = [...jobs.values()].map(({ id: name, state }) => [name, state]);
    const count = (state: string) => states.filter(([, found]) => found === state).length;
    const seen = await this.#read((tx) => ({
      states: states.map(([name]) => [name, findJob(tx, name!)?.state]),
      dead: listDead(tx).letters.map(({ id: name, cause }) => [name, cause]),
      meta: { ...tx.meta },
      again: countAgain(tx),
    }));
    expect(seen.states).toEqual(states);
    expect(seen.dead).toEqual(dead.map((name) => [name, jobs.get(name)!.cause]));
    const counts = {
      ready: count('ready'),
      delayed: count('delayed'),
      active: count('active'),
      parked: count('parked'),
      dead: count('dead'),
    };
    expect(seen.meta).toMatchObject({
      ...counts,
      totalEnqueued: totals.enqueued,
      totalDone: totals.done,
      totalRetried: totals.retried,
      totalDead: totals.dead,
      totalDuplicates: totals.duplicates,
    });
    // A queue whose counts were damaged finds the same ones again.
    expect(seen.again).toMatchObject(counts);
  }
}

function same(a: Taken, b: Taken): boolean {
  return a.job.id === b.job.id && a.attempt === b.attempt && a.seq === b.seq;
}

function jobOf({ notBefore, ...rest }: ModelNewJob) {
  const backoff = { baseMs: 10, factor: 1, maxMs: 30, jitter: 0 };
  return job({ ...rest, ...(notBefore === 0 ? {} : { notBefore }), backoff });
}

it('does what the model says, step by step', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 20, maxLength: 60, size: 'max' }),
      async (steps) => {
        const compared = new Compared();
        for (const one of steps) {
          await compared.apply(one);
          await compared.compare();
        }
      },
    ),
    { numRuns: 40 },
  );
});

// What moves an embedded queue: commits with the giving out of jobs at their end, the poll that finds
// what other processes have put in or what has become due, and the watch over workers.
import type { TableStore, Tables } from '@basalt/capabilities';
import type { DeliveryOutcome } from '../job.js';
import type { EmbeddedWorker, WorkerQueue } from './embedded-worker.js';
import { writeFinished, type FinishedLimits, type FinishedMemo } from './finished-jobs.js';
import { fireSchedules, nextFiring, resetFarSchedules } from './fire-schedules.js';
import { processIdentity } from './process-identity.js';
import { QueueCommits } from './queue-commits.js';
import type { QueueKeys } from './queue-keys.js';
import { QueuePoll, type Outlook } from './queue-poll.js';
import { QueueTransaction } from './queue-transaction.js';
import { settleDelivery } from './settle-delivery.js';
import { takeJobs, type Taken } from './take-jobs.js';
import { nextDue, shortenDelays, wakeDelayed } from './wake-delayed.js';
import {
  beat,
  dropSilentWorker,
  dropWorker,
  recoverOrphans,
  registerWorker,
  workers,
} from './worker-records.js';
import { WorkerWatch } from './worker-watch.js';

export interface EngineOptions {
  readonly finished: FinishedLimits;
  readonly maxJobBytes: number;
  readonly now: () => number;
  readonly onFault: (fault: unknown) => void;
}

/** What a transaction has led to. */
interface Given {
  readonly taken: readonly { readonly worker: EmbeddedWorker; readonly taken: readonly Taken[] }[];
  readonly outlook: Outlook;
  /** Jobs became ready that no worker of this engine has taken: others may. */
  readonly left: boolean;
}

/** A clock that is set back by less than this is taken for one that is being corrected. */
const CLOCK_SLACK_MS = 1_000;

export class QueueEngine implements WorkerQueue {
  readonly queue: string;
  readonly options: EngineOptions;
  readonly #store: TableStore;
  readonly #keys: QueueKeys;
  readonly #commits: QueueCommits<Given>;
  /** All that have not ended. */
  readonly #joined = new Set<EmbeddedWorker>();
  /** Those of them that are known to the queue. */
  readonly #workers = new Set<EmbeddedWorker>();
  readonly #finished: FinishedMemo = { nextAt: 0 };
  readonly #poll: QueuePoll;
  readonly #watch: WorkerWatch;
  /** All that have this queue open in this process. */
  readonly #peers: Set<QueueEngine>;

  constructor(store: TableStore, queue: string, keys: QueueKeys, options: EngineOptions) {
    this.queue = queue;
    this.options = options;
    this.#store = store;
    this.#keys = keys;
    this.#commits = new QueueCommits(store, {
      begin: (tables) => this.#transaction(tables),
      finish: (tx) => this.#giveOut(tx),
      committed: (given) => this.#begin(given),
    });
    this.#poll = new QueuePoll({
      look: () => this.#look(),
      tend: () => this.change('tend', 0, (tx) => this.#tend(tx)),
      now: options.now,
      onFault: options.onFault,
    });
    this.#watch = new WorkerWatch({
      workers: this.#workers,
      records: () => this.read('watch workers', workers),
      beat: (worker) => this.change('beat', 0, (tx) => beat(tx, worker.token)),
      register: (worker) => this.#register(worker),
      drop: (token, seen) => this.#drop(token, seen),
    });
    this.#peers = store.shared(`queue ${queue}`, () => new Set<QueueEngine>());
    this.#peers.add(this);
  }

  read<T>(call: string, body: (tx: QueueTransaction) => T): Promise<T> {
    return this.#store.read(call, (tables) => body(this.#transaction(tables)));
  }

  change<T>(call: string, bytes: number, body: (tx: QueueTransaction) => T): Promise<T> {
    return this.#commits.request(call, bytes, body);
  }

  /** Looks for work at once. */
  wake(): void {
    if (this.#workers.size > 0) this.#poll.soon();
  }

  join(worker: EmbeddedWorker): void {
    if (worker.closing) return;
    this.#joined.add(worker);
    this.#register(worker).then(
      () => {
        if (this.#workers.size === 0) return;
        this.#poll.start();
        this.#watch.start();
      },
      (fault: unknown) => {
        this.options.onFault(fault);
        // The disk may be full or away for now: the worker joins when it is back.
        setTimeout(() => this.join(worker), CLOCK_SLACK_MS).unref();
      },
    );
  }

  settle(token: string, taken: Taken, outcome: DeliveryOutcome): Promise<boolean> {
    return this.change('settle', 0, (tx) => settleDelivery(tx, token, taken, outcome));
  }

  barrier(): Promise<void> {
    return this.change('close a worker', 0, () => undefined);
  }

  async leave(worker: EmbeddedWorker): Promise<void> {
    this.#joined.delete(worker);
    this.#workers.delete(worker);
    if (this.#workers.size === 0) {
      this.#poll.stop();
      this.#watch.stop();
    }
    await this.change('leave', 0, (tx) => dropWorker(tx, worker.token));
  }

  async close(): Promise<void> {
    await Promise.all([...this.#joined].map((worker) => worker.close(0)));
    this.#poll.stop();
    this.#watch.stop();
    await this.#commits.idle();
    this.#peers.delete(this);
  }

  async #register(worker: EmbeddedWorker): Promise<void> {
    const { token, id, limits } = worker;
    const { concurrency, perKey, visibilityMs } = limits;
    const process = processIdentity();
    await this.change('work', 0, (tx) => {
      registerWorker(tx, { token, id, concurrency, perKey, visibilityMs, process, beat: 0 });
      recoverOrphans(tx);
    });
    if (worker.closing) return;
    this.#workers.add(worker);
    this.wake();
  }

  async #drop(token: string, seen: number | undefined): Promise<void> {
    await this.change('give up a worker', 0, (tx) =>
      seen === undefined ? dropWorker(tx, token) : dropSilentWorker(tx, token, seen),
    );
    this.wake();
  }

  #transaction(tables: Tables): QueueTransaction {
    return new QueueTransaction(tables('queue'), this.#keys, this.options.now(), Math.random);
  }

  #giveOut(tx: QueueTransaction): Given {
    const taken = [];
    for (const worker of this.#workers) {
      const taker = worker.taker(tx.released);
      if (taker.room > 0) taken.push({ worker, taken: takeJobs(tx, taker) });
    }
    writeFinished(tx, this.options.finished, this.#finished);
    const count = taken.reduce((sum, { taken: jobs }) => sum + jobs.length, 0);
    // When the next schedule is due is found by the looks of the poll, which this only makes earlier.
    return { taken, outlook: this.#outlook(tx, tx.released), left: tx.opened > count };
  }

  #begin({ taken, outlook, left }: Given): void {
    let count = 0;
    for (const { worker, taken: jobs } of taken) {
      worker.begin(jobs);
      count += jobs.length;
    }
    this.#poll.seen(outlook, count > 0);
    if (!left || !outlook.takeable) return;
    for (const peer of this.#peers) if (peer !== this) peer.wake();
  }

  #look(): Promise<Outlook> {
    return this.read('poll', (tx) => {
      const { takeable, act, next } = this.#outlook(tx, new Set());
      const firing = nextFiring(tx) ?? Infinity;
      return { takeable, act: act || firing <= tx.now, next: Math.min(next, firing) };
    });
  }

  /** What there is to do with jobs, and when there will be more. */
  #outlook(tx: QueueTransaction, released: ReadonlySet<unknown>): Outlook {
    const { meta, now } = tx;
    let room = false;
    let next = Infinity;
    for (const worker of this.#workers) {
      if (worker.taker(released).room <= 0) continue;
      const { rate } = worker.limits;
      const windowEnd = meta.rateStart + (rate?.perMs ?? 0);
      const waits = rate !== undefined && meta.rateCount >= rate.max && now < windowEnd;
      if (!waits) room = true;
      else if (meta.ready > 0) next = Math.min(next, windowEnd);
    }
    if (meta.delayed + meta.parked > 0) next = Math.min(next, nextDue(tx) ?? Infinity);
    const takeable = meta.ready > 0 && meta.paused === 0;
    return {
      takeable,
      act: (takeable && room) || next <= now || meta.clock > now + CLOCK_SLACK_MS,
      next,
    };
  }

  #tend(tx: QueueTransaction): void {
    if (tx.meta.clock > tx.now + CLOCK_SLACK_MS) {
      shortenDelays(tx);
      resetFarSchedules(tx);
      tx.meta.clock = tx.now;
    }
    wakeDelayed(tx, this.queue);
    fireSchedules(tx, this.options.maxJobBytes);
  }
}

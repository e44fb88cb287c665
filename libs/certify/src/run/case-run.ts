// Executes one case: opens its stores, gives it workers and a world, sends its jobs, and waits until they
// have ended.
import { setTimeout as delay } from 'node:timers/promises';
import type { Value } from '@basalt/ir';
import { batchesOf, type CaseInput, type CertifyCase } from '../cases/certify-case.js';
import { readJobEnd, type JobEnd } from '../cases/job-end.js';
import { openCaseStores, type CaseStores } from '../worker/case-stores.js';
import type { WorkerPool } from '../worker/worker-pool.js';
import type { WorkerProcess } from '../worker/worker-process.js';
import type { FromWorker } from '../worker/worker-messages.js';
import { EffectWorld } from '../world/effect-world.js';
import type { WorldState } from '../world/world-state.js';
import type { CaseBackend, CaseSite } from './case-backend.js';
import { CaseWatch, type Faults } from './case-watch.js';
import type { CaseRecord } from './case-record.js';
import { EventGiver } from './event-giver.js';

/** What cases have in common. */
export interface CaseSetting {
  readonly flow: { readonly id: string; readonly name: string };
  readonly pool: WorkerPool;
  readonly backend: CaseBackend;
  readonly world: WorldState;
  /** The event that a run is given which waits at a checkpoint. */
  readonly eventFor: (checkpoint: string) => Value;
  /** Without any sign of life for so long a case is stuck, in milliseconds. */
  readonly hangMs: number;
  readonly signal: AbortSignal;
}

const WORKERS = 2;
const LOOK_MS = 10;
const FREEZE_MS = 6_000;
const CLOSE_MS = 30_000;
/** For every execution: the deadlines of a flow are no subject of a certification. */
const DEADLINE_MS = 3_600_000;
const AT_ONCE = { baseMs: 0, factor: 1, maxMs: 0, jitter: 0 };
const MAX_ATTEMPTS = 1_000;

/** Executes a case once. */
export async function runCase(given: CertifyCase, setting: CaseSetting): Promise<CaseRecord> {
  const site = await setting.backend.site();
  try {
    const stores = await openCaseStores(site.place);
    try {
      return await new CaseRun(given, setting, site, stores).run();
    } finally {
      await stores.close();
    }
  } finally {
    await site.remove();
  }
}

class CaseRun {
  readonly #given: CertifyCase;
  readonly #setting: CaseSetting;
  readonly #site: CaseSite;
  readonly #stores: CaseStores;
  readonly #watch: CaseWatch;
  readonly #workers = new Set<WorkerProcess>();
  readonly #deliveries = new Map<string, number>();
  readonly #events: EventGiver;
  #lastSign = performance.now();
  #closing = false;

  constructor(given: CertifyCase, setting: CaseSetting, site: CaseSite, stores: CaseStores) {
    this.#given = given;
    this.#setting = setting;
    this.#site = site;
    this.#stores = stores;
    this.#watch = new CaseWatch(given, new EffectWorld(setting.world));
    this.#events = new EventGiver(given, stores, setting.eventFor, (job, text) =>
      this.#watch.note('job', job, text),
    );
  }

  async run(): Promise<CaseRecord> {
    await Promise.all(Array.from({ length: WORKERS }, () => this.#addWorker()));
    // One that is killed is replaced at once.
    if (this.#given.injections.some(({ kind }) => kind === 'crash')) this.#setting.pool.warm();
    const jobs = new Set<string>();
    let stuck: readonly string[] = [];
    try {
      for (const sends of batchesOf(this.#given)) {
        if (stuck.length > 0) break;
        for (const { id } of sends) jobs.add(id);
        await this.#send(sends);
        stuck = await this.#settle([...jobs]);
      }
    } finally {
      await this.#closeWorkers();
    }
    const ends: JobEnd[] = [];
    for (const job of jobs) ends.push(await readJobEnd(this.#stores, job));
    const { points, injected, timeline, world } = this.#watch;
    return { effects: world.effects, points, ends, injected, stuck, timeline };
  }

  async #send(sends: readonly CaseInput[]): Promise<void> {
    const { id: flow, name: flowName } = this.#setting.flow;
    for (const { id, payload } of sends) {
      const [taken] = await this.#stores.queue.enqueue([
        {
          id,
          flow,
          flowName,
          payload,
          deadlineMs: DEADLINE_MS,
          maxAttempts: MAX_ATTEMPTS,
          backoff: AT_ONCE,
        },
      ]);
      const known = taken!.duplicate ? ' (known, not taken in)' : '';
      this.#watch.note('job', id, `enqueued${known}`);
    }
  }

  /** Waits until all have ended; gives those that have not when nothing happens any more. */
  async #settle(jobs: readonly string[]): Promise<readonly string[]> {
    let open = jobs;
    this.#lastSign = performance.now();
    for (;;) {
      this.#setting.signal.throwIfAborted();
      const left: string[] = [];
      for (const job of open) {
        const state = (await this.#stores.queue.find(job))?.state;
        if (state === 'done' || state === 'dead') continue;
        left.push(job);
        if (state === 'parked') await this.#events.give(job);
      }
      open = left;
      if (open.length === 0) return [];
      if (performance.now() - this.#lastSign > this.#setting.hangMs) return open;
      await delay(LOOK_MS);
    }
  }

  async #addWorker(): Promise<void> {
    const worker = await this.#setting.pool.take();
    if (this.#closing) return this.#setting.pool.give(worker);
    this.#workers.add(worker);
    const opened = new Promise<void>((resolve) => {
      worker.onMessage((message) => {
        this.#lastSign = performance.now();
        if (message.kind === 'opened') resolve();
        else void this.#heard(worker, message);
      });
    });
    void worker.ended.then(() => {
      if (!this.#workers.delete(worker) || this.#closing) return;
      this.#watch.note('worker', '', 'a worker ended by itself');
      this.#replace();
    });
    worker.send({ kind: 'open', place: this.#site.workerPlace });
    await Promise.race([opened, worker.ended]);
  }

  #replace(): void {
    this.#addWorker().catch((error: unknown) => {
      this.#watch.note('worker', '', (error as Error).message);
    });
  }

  async #heard(worker: WorkerProcess, message: FromWorker): Promise<void> {
    switch (message.kind) {
      case 'delivered': {
        const { job, attempt } = message;
        this.#deliveries.set(job, (this.#deliveries.get(job) ?? 0) + 1);
        this.#watch.note('job', job, attempt === 1 ? 'delivered' : `delivered, attempt ${attempt}`);
        return;
      }
      case 'ended':
        return this.#watch.note('job', message.job, message.outcome);
      case 'call': {
        const answer = await this.#watch.call(message.call, this.#faults(worker));
        if (answer !== undefined) worker.send({ kind: 'answer', id: message.id, ...answer });
        return;
      }
      case 'commit': {
        const passage = await this.#watch.commit(message.point, this.#faults(worker));
        if (passage !== 'dead') worker.send({ kind: 'answer', id: message.id });
        return;
      }
      case 'fault':
        return this.#watch.note('worker', '', message.text);
      default:
        return;
    }
  }

  #faults(worker: WorkerProcess): Faults {
    const { cut, partition } = this.#site;
    return {
      cut,
      partition,
      kill: async () => {
        this.#workers.delete(worker);
        await worker.kill();
        if (!this.#closing) this.#replace();
      },
      freeze: async (job) => {
        const before = this.#deliveries.get(job) ?? 0;
        const began = performance.now();
        worker.freeze();
        while ((this.#deliveries.get(job) ?? 0) === before) {
          this.#lastSign = performance.now();
          if (performance.now() - began > FREEZE_MS || this.#closing) break;
          await delay(LOOK_MS);
        }
        worker.thaw();
      },
    };
  }

  /** Closes the stores of the workers and gives these back; those that do not answer are killed. */
  async #closeWorkers(): Promise<void> {
    this.#closing = true;
    this.#site.restore();
    const closing = [...this.#workers].map(async (worker) => {
      worker.thaw();
      const closed = new Promise<boolean>((resolve) => {
        worker.onMessage((message) => {
          if (message.kind === 'closed') resolve(true);
          else void this.#heard(worker, message);
        });
        void worker.ended.then(() => resolve(false));
      });
      worker.send({ kind: 'close' });
      const limit = new AbortController();
      const late = delay(CLOSE_MS, false, { signal: limit.signal }).catch(() => false);
      const isClosed = await Promise.race([closed, late]);
      limit.abort();
      if (isClosed) this.#setting.pool.give(worker);
      else await worker.kill();
    });
    await Promise.all(closing);
  }
}

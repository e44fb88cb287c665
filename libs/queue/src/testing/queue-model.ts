// The rules of a queue in plain words: what the embedded queue is compared with, step by step. One
// delivery at a time of each partition; backoffs of 10 ms.
import type { DeadLetter, DeliveryOutcome } from '../job.js';
import type { JobState } from '../queue-backend.js';

export interface ModelJob {
  readonly id: string;
  readonly partition: string | undefined;
  readonly priority: number;
  readonly maxAttempts: number;
  state: JobState;
  seq: number;
  attempts: number;
  lost: number;
  /** When it is due; Infinity where only an event brings it back. */
  due: number;
  /** It is on its way in its partition: the next ones wait for it. */
  onItsWay: boolean;
  worker: string | undefined;
  resumed: boolean;
  cause: DeadLetter['cause'] | undefined;
}

export interface ModelNewJob {
  readonly id: string;
  readonly partition: string | undefined;
  readonly priority: number;
  readonly maxAttempts: number;
  readonly notBefore: number;
  readonly dedupeKey: string | undefined;
  readonly dedupeTtlMs: number;
}

const BACKOFF_MS = 10;

export class QueueModel {
  readonly jobs = new Map<string, ModelJob>();
  readonly dead: string[] = [];
  readonly totals = { enqueued: 0, done: 0, retried: 0, dead: 0, duplicates: 0 };
  paused = false;
  now = 1_000;
  readonly #keys = new Map<string, { readonly id: string; readonly until: number }>();
  #seq = 0;

  enqueue(given: ModelNewJob): { id: string; duplicate: boolean } {
    const kept = given.dedupeKey === undefined ? undefined : this.#keys.get(given.dedupeKey);
    const first = this.jobs.has(given.id)
      ? given.id
      : kept !== undefined && kept.until > this.now
        ? kept.id
        : undefined;
    if (first !== undefined) {
      this.totals.duplicates += 1;
      return { id: first, duplicate: true };
    }
    const { id, partition, priority, maxAttempts, notBefore, dedupeKey } = given;
    if (dedupeKey !== undefined) {
      this.#keys.set(dedupeKey, { id, until: this.now + given.dedupeTtlMs });
    }
    this.totals.enqueued += 1;
    const later = notBefore > this.now;
    this.jobs.set(id, {
      id,
      partition,
      priority,
      maxAttempts,
      state: later ? 'delayed' : 'ready',
      seq: (this.#seq += 1),
      attempts: 0,
      lost: 0,
      due: notBefore,
      onItsWay: false,
      worker: undefined,
      resumed: false,
      cause: undefined,
    });
    this.#moveUp();
    return { id, duplicate: false };
  }

  take(worker: string, room: number): { id: string; attempt: number }[] {
    if (this.paused) return [];
    const taken = [...this.jobs.values()]
      .filter(({ state, onItsWay }) => state === 'ready' && onItsWay)
      .sort((a, b) => b.priority - a.priority || a.seq - b.seq)
      .slice(0, room);
    for (const job of taken) {
      job.state = 'active';
      job.attempts += 1;
      job.worker = worker;
    }
    return taken.map(({ id, attempts }) => ({ id, attempt: attempts }));
  }

  settle(id: string, outcome: DeliveryOutcome): void {
    const job = this.jobs.get(id)!;
    job.worker = undefined;
    switch (outcome.kind) {
      case 'done':
        job.state = 'done';
        job.onItsWay = false;
        this.totals.done += 1;
        break;
      case 'dead':
        this.#die(job, 'rejected');
        break;
      case 'parked':
        this.#park(job, outcome.until);
        break;
      case 'retry':
        this.#retry(job, outcome);
        break;
      default:
        outcome satisfies never;
    }
    this.#moveUp();
  }

  #park(job: ModelJob, until = Infinity): void {
    job.attempts -= 1;
    if (job.resumed || until <= this.now) {
      this.#putBack(job, 0);
      return;
    }
    job.state = 'parked';
    job.due = until;
    job.onItsWay = false;
  }

  #retry(job: ModelJob, outcome: DeliveryOutcome & { kind: 'retry' }): void {
    if (outcome.countsAttempt === false) {
      job.attempts -= 1;
      this.#putBack(job, outcome.delayMs ?? 0);
    } else if (job.attempts >= job.maxAttempts) {
      this.#die(job, 'exhausted');
    } else {
      this.totals.retried += 1;
      this.#putBack(job, outcome.delayMs ?? BACKOFF_MS);
    }
  }

  /** Its worker has died. */
  crash(worker: string): void {
    const lost = [...this.jobs.values()].filter((job) => job.worker === worker);
    for (const job of lost.sort((a, b) => a.seq - b.seq)) {
      job.worker = undefined;
      job.lost += 1;
      if (job.attempts >= job.maxAttempts) {
        this.#die(job, job.lost === job.attempts ? 'poison' : 'exhausted');
      } else {
        this.totals.retried += 1;
        this.#putBack(job, job.lost === 1 ? 0 : BACKOFF_MS);
      }
      this.#moveUp();
    }
  }

  advance(ms: number): void {
    this.now += ms;
    const due = [...this.jobs.values()].filter(
      ({ state, due: at }) => (state === 'delayed' || state === 'parked') && at <= this.now,
    );
    for (const job of due.sort((a, b) => a.due - b.due || a.seq - b.seq)) {
      job.state = 'ready';
      this.#moveUp();
    }
  }

  resume(id: string): boolean {
    const job = this.jobs.get(id);
    if (job?.state === 'active') return (job.resumed = true);
    if (job?.state !== 'parked') return false;
    job.state = 'ready';
    this.#moveUp();
    return true;
  }

  remove(id: string): boolean {
    const job = this.jobs.get(id);
    if (job === undefined || job.state === 'active' || job.state === 'done') return false;
    if (job.state === 'dead') this.dead.splice(this.dead.indexOf(id), 1);
    this.jobs.delete(id);
    this.#moveUp();
    return true;
  }

  replay(ids: readonly string[]): string[] {
    return ids.filter((id) => {
      const at = this.dead.indexOf(id);
      if (at < 0) return false;
      this.dead.splice(at, 1);
      const job = this.jobs.get(id)!;
      Object.assign(job, { state: 'ready', attempts: 0, lost: 0, seq: (this.#seq += 1) });
      this.#moveUp();
      return true;
    });
  }

  #putBack(job: ModelJob, delayMs: number): void {
    job.resumed = false;
    job.state = delayMs > 0 ? 'delayed' : 'ready';
    job.due = this.now + delayMs;
    job.onItsWay = true;
  }

  #die(job: ModelJob, cause: DeadLetter['cause']): void {
    job.state = 'dead';
    job.cause = cause;
    job.onItsWay = false;
    job.resumed = false;
    this.dead.push(job.id);
    this.totals.dead += 1;
  }

  /** In each partition one job is on its way: when it is out of the way, the next in order is. */
  #moveUp(): void {
    const waiting = [...this.jobs.values()].sort((a, b) => a.seq - b.seq);
    for (const job of waiting) {
      if (job.state !== 'ready' || job.onItsWay) continue;
      const blocked =
        job.partition !== undefined &&
        waiting.some(({ partition, onItsWay }) => partition === job.partition && onItsWay);
      if (!blocked) job.onItsWay = true;
    }
  }
}

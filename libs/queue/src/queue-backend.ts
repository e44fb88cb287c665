// What every queue backend does: embedded (LMDB), Redis (BullMQ), Restate. A backend is one named queue.
import type { DeadLetter, Delivery, DeliveryOutcome, Job, NewJob } from './job.js';

export interface Enqueued {
  readonly id: string;
  /** True where an equal id or dedupe key was known; `id` is that of the first job. */
  readonly duplicate: boolean;
}

export type JobState = 'ready' | 'delayed' | 'active' | 'parked' | 'done' | 'dead';

export interface QueueStatus {
  readonly queue: string;
  readonly paused: boolean;
  readonly counts: Readonly<Record<Exclude<JobState, 'done'>, number>>;
  /** Since the queue was made. */
  readonly totals: Readonly<
    Record<'enqueued' | 'done' | 'retried' | 'dead' | 'duplicates', number>
  >;
  readonly workers: readonly {
    readonly id: string;
    readonly concurrency: number;
    readonly active: number;
  }[];
}

export interface WorkerOptions {
  readonly id?: string | undefined;
  /** Deliveries at a time; 10 when absent. */
  readonly concurrency?: number | undefined;
  /** Deliveries at a time of one flow, by flow id. */
  readonly perFlow?: Readonly<Record<string, number>> | undefined;
  /** Deliveries at a time of one key (the job's partition); 1 unless given. */
  readonly perKey?: number | undefined;
  /** Deliveries begun in each window of `perMs` milliseconds, over all workers of the queue. A window
   * begins with the first delivery after the one before. */
  readonly rate?: { readonly max: number; readonly perMs: number } | undefined;
  /** A delivery whose worker shows no sign of life for this long is given to another; 30 000 ms. */
  readonly visibilityMs?: number | undefined;
}

export interface QueueWorker {
  readonly id: string;
  /** Takes nothing new and resolves when what is active has ended; after `graceMs` the rest is aborted
   * and given back without using an attempt. */
  close(graceMs?: number): Promise<void>;
}

/** Makes a job at each of its ticks, once for the whole queue, as long as a worker is alive. Ticks that
 * were missed (no worker, a clock set forward) make one job together, for the last of them. */
export interface Schedule {
  readonly id: string;
  /** Five or six fields of cron (with seconds first), in `timeZone`. Either this or `everyMs`. */
  readonly cron?: string | undefined;
  /** Milliseconds; at least 1 000. Ticks are whole multiples of it since the epoch. */
  readonly everyMs?: number | undefined;
  /** IANA name; UTC when absent. A time that a change of clocks skips is taken after the change; one
   * that comes twice is taken once. */
  readonly timeZone?: string | undefined;
  /** Its id is made from that of the schedule and the time of the tick. */
  readonly job: Omit<NewJob, 'id' | 'notBefore'>;
}

export interface DeadLetterPage {
  readonly letters: readonly DeadLetter[];
  readonly total: number;
}

/** Every method rejects with a DiagnosticError (QUE codes) that says what to do. */
export interface QueueBackend {
  readonly kind: 'embedded' | 'redis' | 'restate';
  readonly queue: string;
  /** Resolves when the jobs are as durable as the backend makes them. All or none are taken in. */
  enqueue(jobs: readonly NewJob[]): Promise<readonly Enqueued[]>;
  work(
    handle: (delivery: Delivery) => Promise<DeliveryOutcome>,
    options?: WorkerOptions,
  ): QueueWorker;
  status(): Promise<QueueStatus>;
  find(id: string): Promise<{ readonly job: Job; readonly state: JobState } | undefined>;
  /** Lets a parked job be delivered again, once; one that is active, as soon as it is parked (the event
   * may come in between). False for any other. */
  resume(id: string): Promise<boolean>;
  /** Takes a job that is not active out of the queue; false where there is none. */
  remove(id: string): Promise<boolean>;
  pause(): Promise<void>;
  unpause(): Promise<void>;
  schedule(schedule: Schedule): Promise<void>;
  unschedule(id: string): Promise<boolean>;
  schedules(): Promise<readonly Schedule[]>;
  readonly dead: {
    list(query?: { readonly offset?: number; readonly limit?: number }): Promise<DeadLetterPage>;
    show(id: string): Promise<DeadLetter | undefined>;
    /** Puts letters back with fresh attempts; gives the ids. All when `ids` is absent. */
    replay(ids?: readonly string[]): Promise<readonly string[]>;
    purge(ids?: readonly string[]): Promise<number>;
  };
  close(): Promise<void>;
}

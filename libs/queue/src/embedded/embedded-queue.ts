// The queue in a folder of this machine: LMDB, in the environment of the embedded journal. Everything is
// on disk when a call resolves, and needs no service. Any number of processes may share the folder.
import { openTableStore, type StoreFormat, type TableStore } from '@basalt/capabilities';
import { DiagnosticError, diagnostic } from '@basalt/diagnostics';
import { EMBEDDED_FORMAT } from '@basalt/journal';
import { admitJob, DEFAULT_MAX_JOB_BYTES } from '../admit-job.js';
import type { NewJob } from '../job.js';
import type {
  Enqueued,
  QueueBackend,
  QueueStatus,
  QueueWorker,
  Schedule,
  WorkerOptions,
} from '../queue-backend.js';
import { checkQueueName } from '../queue-name.js';
import { checkSchedule } from '../schedule-ticks.js';
import { deadIds, listDead, purgeDead, replayDead, showDead } from './dead-letters.js';
import { EmbeddedWorker, type Handle } from './embedded-worker.js';
import { enqueueJobs } from './enqueue-jobs.js';
import { listSchedules, putSchedule, removeSchedule } from './fire-schedules.js';
import { QueueEngine } from './queue-engine.js';
import type { FinishedLimits } from './finished-jobs.js';
import { findQueue, listQueues } from './queue-registry.js';
import type { QueueTransaction } from './queue-transaction.js';
import { findJob, removeJob, resumeJob } from './single-job.js';
import { activeOf, workers } from './worker-records.js';

/** The table of all queues of a folder. */
export const QUEUE_TABLE = 'queue';

export interface EmbeddedQueueOptions {
  /** The folder; that of the embedded journal, so that both commit together. Made when missing. */
  readonly folder: string;
  /** What the folder holds; that of the embedded journal when absent. */
  readonly format?: StoreFormat | undefined;
  readonly queue: string;
  /** Largest job in bytes of its record; 1 MiB when absent. */
  readonly maxJobBytes?: number | undefined;
  /** How long the id of a finished job stays known, in milliseconds; 300 000 when absent. */
  readonly keepFinishedMs?: number | undefined;
  /** How many finished jobs stay known at most; 100 000 when absent. */
  readonly keepFinished?: number | undefined;
  /** Free space of the disk that is left to others, in bytes; 16 MiB when absent. */
  readonly minFreeBytes?: number | undefined;
  /** The wall clock, milliseconds since the epoch; that of the system when absent. */
  readonly now?: (() => number) | undefined;
  /** Told of what goes wrong where no caller waits for it, such as a disk that cannot be read. */
  readonly onFault?: ((fault: unknown) => void) | undefined;
}

const DEFAULT_KEEP_MS = 300_000;
const DEFAULT_KEEP = 100_000;
/** Dead letters that are replayed or purged in one transaction. */
const LETTERS_AT_ONCE = 500;
/** What a job takes on disk beside its record. */
const JOB_OVERHEAD_BYTES = 1_024;

/** Opens a queue. @throws DiagnosticError QUE103 for its name; CAP105, CAP106 for its folder. */
export async function openEmbeddedQueue(options: EmbeddedQueueOptions): Promise<QueueBackend> {
  const queue = checkQueueName(options.queue);
  const { minFreeBytes, format = EMBEDDED_FORMAT } = options;
  const store = await openTableStore(options.folder, {
    format,
    tables: [QUEUE_TABLE],
    ...(minFreeBytes === undefined ? {} : { minFreeBytes }),
  });
  try {
    const keys = await findQueue(store, queue);
    return new EmbeddedQueue(store, queue, new QueueEngine(store, queue, keys, limitsOf(options)));
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** The names of the queues in a folder, in order. @throws DiagnosticError CAP105, CAP106. */
export async function listEmbeddedQueues(
  folder: string,
  format: StoreFormat = EMBEDDED_FORMAT,
): Promise<readonly string[]> {
  const store = await openTableStore(folder, { format, tables: [QUEUE_TABLE] });
  try {
    return [...(await listQueues(store))].sort();
  } finally {
    await store.close();
  }
}

function limitsOf({
  keepFinishedMs = DEFAULT_KEEP_MS,
  keepFinished = DEFAULT_KEEP,
  maxJobBytes = DEFAULT_MAX_JOB_BYTES,
  now = Date.now,
  onFault = () => undefined,
}: EmbeddedQueueOptions) {
  const finished: FinishedLimits = { keepMs: keepFinishedMs, keep: keepFinished };
  return { finished, maxJobBytes, now, onFault };
}

class EmbeddedQueue implements QueueBackend {
  readonly kind = 'embedded';
  readonly queue: string;
  readonly dead: QueueBackend['dead'];
  readonly #store: TableStore;
  readonly #engine: QueueEngine;
  #closed: Promise<void> | undefined;

  constructor(store: TableStore, queue: string, engine: QueueEngine) {
    this.queue = queue;
    this.#store = store;
    this.#engine = engine;
    this.dead = {
      list: (query) => this.#read('list dead letters', (tx) => listDead(tx, query)),
      show: (id) => this.#read('show a dead letter', (tx) => showDead(tx, id)),
      replay: async (ids) =>
        (await this.#forLetters('replay dead letters', ids, replayDead)).flat(),
      purge: async (ids) =>
        (await this.#forLetters('purge dead letters', ids, purgeDead)).reduce((a, b) => a + b, 0),
    };
  }

  async enqueue(jobs: readonly NewJob[]): Promise<readonly Enqueued[]> {
    this.#check('enqueue');
    const { now, maxJobBytes } = this.#engine.options;
    const admitted = jobs.map((job) => admitJob(job, now(), maxJobBytes));
    if (admitted.length === 0) return [];
    const bytes = admitted.reduce((sum, { record }) => sum + record.byteLength, 0);
    const size = bytes + JOB_OVERHEAD_BYTES * admitted.length;
    return this.#engine.change('enqueue', size, (tx) => enqueueJobs(tx, admitted));
  }

  work(handle: Handle, options: WorkerOptions = {}): QueueWorker {
    this.#check('work');
    const worker = new EmbeddedWorker(this.#engine, handle, options);
    this.#engine.join(worker);
    return worker;
  }

  status(): Promise<QueueStatus> {
    return this.#read('status', (tx) => statusOf(tx, this.queue));
  }

  find(id: string): ReturnType<QueueBackend['find']> {
    return this.#read('find', (tx) => findJob(tx, id));
  }

  resume(id: string): Promise<boolean> {
    return this.#change('resume', 0, (tx) => resumeJob(tx, id));
  }

  remove(id: string): Promise<boolean> {
    return this.#change('remove', 0, (tx) => removeJob(tx, id));
  }

  pause(): Promise<void> {
    return this.#change('pause', 0, (tx) => void (tx.meta.paused = 1));
  }

  unpause(): Promise<void> {
    return this.#change('unpause', 0, (tx) => void (tx.meta.paused = 0));
  }

  async schedule(schedule: Schedule): Promise<void> {
    this.#check('schedule');
    const { now, maxJobBytes } = this.#engine.options;
    checkSchedule(schedule, now(), maxJobBytes);
    await this.#change('schedule', maxJobBytes, (tx) => putSchedule(tx, schedule));
    this.#engine.wake();
  }

  unschedule(id: string): Promise<boolean> {
    return this.#change('unschedule', 0, (tx) => removeSchedule(tx, id));
  }

  schedules(): Promise<readonly Schedule[]> {
    return this.#read('schedules', listSchedules);
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    await this.#engine.close();
    await this.#store.close();
  }

  /** Does something with the letters that are named, or with all, a few at a time. */
  async #forLetters<T>(
    call: string,
    ids: readonly string[] | undefined,
    change: (tx: QueueTransaction, ids: readonly string[]) => T,
  ): Promise<readonly T[]> {
    const results: T[] = [];
    if (ids !== undefined) {
      for (let i = 0; i < ids.length; i += LETTERS_AT_ONCE) {
        const piece = ids.slice(i, i + LETTERS_AT_ONCE);
        results.push(await this.#change(call, 0, (tx) => change(tx, piece)));
      }
      return results;
    }
    let from: Buffer | undefined;
    for (;;) {
      const after = from;
      const page = await this.#read(call, (tx) => deadIds(tx, after, LETTERS_AT_ONCE));
      if (page.last === undefined) return results;
      results.push(await this.#change(call, 0, (tx) => change(tx, page.ids)));
      from = page.last;
    }
  }

  async #read<T>(call: string, body: (tx: QueueTransaction) => T): Promise<T> {
    this.#check(call);
    return this.#engine.read(call, body);
  }

  async #change<T>(call: string, bytes: number, body: (tx: QueueTransaction) => T): Promise<T> {
    this.#check(call);
    return this.#engine.change(call, bytes, body);
  }

  #check(call: string): void {
    if (this.#closed === undefined) return;
    throw new DiagnosticError([diagnostic.QUE104({ call, queue: this.queue })]);
  }
}

function statusOf(tx: QueueTransaction, queue: string): QueueStatus {
  const { meta } = tx;
  return {
    queue,
    paused: meta.paused === 1,
    counts: {
      ready: meta.ready,
      delayed: meta.delayed,
      active: meta.active,
      parked: meta.parked,
      dead: meta.dead,
    },
    totals: {
      enqueued: meta.totalEnqueued,
      done: meta.totalDone,
      retried: meta.totalRetried,
      dead: meta.totalDead,
      duplicates: meta.totalDuplicates,
    },
    workers: workers(tx).map(({ id, token, concurrency }) => ({
      id,
      concurrency,
      active: activeOf(tx, token),
    })),
  };
}

// A worker on BullMQ's Worker: it hands each job to a handler, keeps to the limits that BullMQ does not
// know, and gives back what it cannot end.
import { diagnostic } from '@basalt/diagnostics';
import { WaitingError, Worker, type Job as BullJob } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Delivery, DeliveryOutcome, Job } from '../job.js';
import type { QueueWorker, WorkerOptions } from '../queue-backend.js';
import { workerLimits, type WorkerLimits } from '../worker-limits.js';
import { redisFault, type QueueClient } from './queue-client.js';
import { KEY_PREFIX, bullQueueName, plainJobId } from './redis-keys.js';
import { RedisDelivery } from './redis-delivery.js';
import type { RedisQueueOptions } from './redis-queue-options.js';
import { dead, giveBack, settleDelivery } from './settle-delivery.js';
import { jobOfData } from '../job-json.js';
import { startUpkeep, type Upkeep } from './upkeep.js';

type Handle = (delivery: Delivery) => Promise<DeliveryOutcome>;

/** Wait before a job is tried again whose flow has all the deliveries that it may have. */
const FLOW_LIMIT_WAIT_MS = 50;
const RECONNECT_MS = 1_000;
/** Wait before a server that cannot be reached is asked again after the queue. */
const CHECK_AGAIN_MS = 50;

export class RedisWorker implements QueueWorker {
  readonly id: string;
  readonly #client: QueueClient;
  readonly #handle: Handle;
  readonly #limits: WorkerLimits;
  readonly #options: RedisQueueOptions;
  readonly #redis: Redis;
  readonly #bull: Worker;
  readonly #active = new Map<string, RedisDelivery>();
  readonly #perFlow = new Map<string, number>();
  /** Partitions of the jobs that have entered theirs, by BullMQ's id. */
  readonly #entered = new Map<string, string>();
  readonly #upkeep: Promise<Upkeep>;
  /** Under way after a lost connection: whether the queue is still the one that was opened. */
  #checking: Promise<void> | undefined;
  #closing: Promise<void> | undefined;

  constructor(
    client: QueueClient,
    handle: Handle,
    options: RedisQueueOptions,
    given: WorkerOptions = {},
  ) {
    this.#client = client;
    this.#handle = handle;
    this.#options = options;
    this.#limits = workerLimits(given);
    this.#redis = client.forWorker();
    this.#bull = this.#makeWorker();
    // A server that is there again may have lost the queue: nothing is delivered before that is known.
    for (const event of ['close', 'ready']) this.#redis.on(event, () => this.#beginCheck());
    client.onLost(() => this.#stopTaking());
    this.id = given.id ?? this.#bull.id;
    this.#upkeep = this.#start(given.perKey);
  }

  close(graceMs = Infinity): Promise<void> {
    return (this.#closing ??= this.#close(graceMs));
  }

  #makeWorker(): Worker {
    const { concurrency, rate, visibilityMs } = this.#limits;
    const bull = new Worker(
      bullQueueName(this.#client.queue),
      (job, token) => this.#process(job, token!),
      {
        connection: this.#redis,
        prefix: KEY_PREFIX,
        concurrency,
        autorun: false,
        lockDuration: visibilityMs,
        stalledInterval: Math.max(50, Math.min(visibilityMs / 2, 5_000)),
        // How often a job may lose its worker is a matter of its own attempts.
        maxStalledCount: Number.MAX_SAFE_INTEGER,
        runRetryDelay: RECONNECT_MS,
        ...(rate === undefined ? {} : { limiter: { max: rate.max, duration: rate.perMs } }),
      },
    );
    bull.on('error', (error) => this.#onError(error));
    bull.on('lockRenewalFailed', (ids) => {
      for (const id of ids) this.#lose(id);
    });
    bull.on('completed', (job) => this.#leave(job.id!));
    bull.on('failed', (job) => job !== undefined && this.#leave(job.id!));
    return bull;
  }

  async #start(perKey: number | undefined): Promise<Upkeep> {
    const key = `${this.#client.prefix}basalt:meta`;
    if (perKey !== undefined) {
      await this.#client
        .ask('work', (redis) => redis.hset(key, 'perKey', perKey))
        .catch((error: unknown) => this.#onError(error));
    }
    const upkeep = await startUpkeep(this.#client, this.#options, {
      id: this.id,
      bull: this.#bull.id,
      concurrency: this.#limits.concurrency,
    });
    if (this.#closing === undefined) {
      this.#bull.run().catch((error: unknown) => this.#onError(error));
    }
    return upkeep;
  }

  #process(bull: BullJob, token: string): Promise<void> {
    if (this.#checking !== undefined || this.#client.lost() !== undefined) {
      return this.#processChecked(bull, token);
    }
    return this.#processJob(bull, token);
  }

  async #processChecked(bull: BullJob, token: string): Promise<void> {
    while (this.#checking !== undefined) await this.#checking;
    if (this.#client.lost() === undefined) return this.#processJob(bull, token);
    // It was enqueued by somebody who does not know what this queue had done: another worker's turn.
    await bull.moveToWait(token);
    throw new WaitingError();
  }

  #beginCheck(): void {
    const checking: Promise<void> = this.#check(() => this.#checking === checking).then(() => {
      if (this.#checking === checking) this.#checking = undefined;
    });
    this.#checking = checking;
  }

  /** Looks whether the queue is still there, as long as there is no answer and it is asked for. */
  async #check(isAskedFor: () => boolean): Promise<void> {
    do {
      const isThere = await this.#client.check().then(
        () => true,
        () => false,
      );
      if (isThere || this.#client.lost() !== undefined) return;
      await new Promise((resolve) => setTimeout(resolve, CHECK_AGAIN_MS));
    } while (this.#closing === undefined && isAskedFor());
  }

  /** Takes nothing more; what is active goes on. */
  #stopTaking(): void {
    this.#bull.pause(true).catch((error: unknown) => this.#onError(error));
  }

  /** Runs one delivery. Returning completes the job; everything else is thrown. */
  #processJob(bull: BullJob, token: string): Promise<void> {
    const read = jobOfData(bull.data, plainJobId(bull.id!));
    const attempt = bull.attemptsMade + bull.stalledCounter + 1;
    if ('problem' in read) throw this.#malformed(bull, attempt, read.problem);
    const { job } = read;
    if (attempt > job.maxAttempts) throw poisoned(bull, attempt - 1);
    const limit = this.#limits.perFlow.get(job.flow);
    if (limit === undefined && job.partition === undefined) {
      return this.#deliver(bull, token, job, attempt);
    }
    return this.#deliverLimited(bull, token, job, attempt, limit ?? Infinity);
  }

  async #deliver(bull: BullJob, token: string, job: Job, attempt: number): Promise<void> {
    const delivery = new RedisDelivery(job, attempt);
    this.#active.set(bull.id!, delivery);
    const outcome = await delivery.run(this.#handle);
    try {
      if (outcome.kind === 'done') return;
      await settleDelivery(this.#client, bull, token, delivery, outcome);
    } finally {
      // After a lost lease the same job may be here again.
      if (this.#active.get(bull.id!) === delivery) this.#active.delete(bull.id!);
    }
  }

  async #deliverLimited(
    bull: BullJob,
    token: string,
    job: Job,
    attempt: number,
    limit: number,
  ): Promise<void> {
    const running = this.#perFlow.get(job.flow) ?? 0;
    if (running >= limit) return giveBack(this.#client, bull, token, FLOW_LIMIT_WAIT_MS, false);
    this.#perFlow.set(job.flow, running + 1);
    try {
      if (job.partition !== undefined) await this.#enter(bull, token, job.partition);
      await this.#deliver(bull, token, job, attempt);
    } finally {
      const left = this.#perFlow.get(job.flow)! - 1;
      if (left > 0) this.#perFlow.set(job.flow, left);
      else this.#perFlow.delete(job.flow);
    }
  }

  /** Waits for the turn of a job in its partition, which most have when they come here. */
  async #enter(bull: BullJob, token: string, partition: string): Promise<void> {
    const entered = await this.#client.run('basaltEnter', [bull.id!, token]);
    if (entered !== 1) throw new WaitingError();
    this.#entered.set(bull.id!, partition);
  }

  /** Gives the next job of a partition its turn. What fails here the upkeep makes up for. */
  #leave(bullId: string): void {
    const partition = this.#entered.get(bullId);
    if (partition === undefined) return;
    this.#entered.delete(bullId);
    void this.#client.run('basaltSettle', [partition]).catch(() => undefined);
  }

  #malformed(bull: BullJob, attempts: number, problem: string): Error {
    const finding = diagnostic.QUE108({ job: bull.id!, queue: this.#client.queue, problem });
    this.#options.onFault?.(finding);
    const reason = { code: finding.code, message: finding.message };
    return dead({ cause: 'malformed', reason, attempts });
  }

  #lose(bullId: string): void {
    const delivery = this.#active.get(bullId);
    if (delivery === undefined) return;
    const problem = 'its lease could not be extended in time';
    const finding = diagnostic.QUE109({ job: delivery.job.id, problem });
    this.#options.onFault?.(finding);
    delivery.abort(finding);
  }

  #onError(error: unknown): void {
    const { queue, server } = this.#client;
    // A job that BullMQ cannot even read stays among the active ones until somebody takes it away.
    void this.#upkeep?.then((upkeep) => upkeep.bury()).catch(() => undefined);
    this.#options.onFault?.(redisFault(queue, server, 'work', error));
  }

  async #close(graceMs: number): Promise<void> {
    const upkeep = await this.#upkeep;
    const closed = this.#bull.close();
    const timer =
      graceMs === Infinity ? undefined : setTimeout(() => this.#abortAll(), Math.max(0, graceMs));
    await closed;
    clearTimeout(timer);
    await upkeep.stop();
    this.#redis.disconnect();
  }

  #abortAll(): void {
    for (const delivery of this.#active.values()) {
      delivery.abort(diagnostic.QUE112({ job: delivery.job.id }));
    }
  }
}

/** A job whose worker died on its last attempt. */
function poisoned(bull: BullJob, attempts: number): Error {
  const { code, message } = diagnostic.QUE107({ attempt: attempts });
  const cause = bull.attemptsMade === 0 ? 'poison' : 'exhausted';
  return dead({ cause, reason: { code, message }, attempts });
}

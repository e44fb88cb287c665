// What a worker does beside its jobs, on a timer: shows that it lives, fires schedules, gives turns that
// a crash has left over, takes away what is no job, and notices when Redis has lost data.
import { diagnostic } from '@basalt/diagnostics';
import { redisFault, type QueueClient } from './queue-client.js';
import { failedReasonText } from './failed-reason.js';
import { plainJobId } from './redis-keys.js';
import type { RedisQueueOptions } from './redis-queue-options.js';
import { fireSchedules } from './redis-schedules.js';
import { jobOfText } from '../job-json.js';

const PERIOD_MS = 500;
/** Every so many periods all partitions are looked through. */
const SWEEP_EVERY = 10;
/** Partitions settled by one script. */
const LANES_AT_ONCE = 200;
const KEEP_DONE = 10_000;
const KEEP_DONE_MS = 300_000;
/** Jobs that one script forgets at most. */
const FORGET_AT_ONCE = 1_000;

export interface Upkeep {
  /** Puts aside what is active and no job. */
  bury(): Promise<void>;
  stop(): Promise<void>;
}

interface WorkerSign {
  readonly id: string;
  /** BullMQ's id of the worker. */
  readonly bull: string;
  readonly concurrency: number;
}

/** Begins; the first round is done when it resolves. It never rejects: faults go to `onFault`. */
export async function startUpkeep(
  client: QueueClient,
  options: RedisQueueOptions,
  worker: WorkerSign,
): Promise<Upkeep> {
  const upkeep = new WorkerUpkeep(client, options, worker);
  await upkeep.round();
  return upkeep;
}

class WorkerUpkeep implements Upkeep {
  readonly #client: QueueClient;
  readonly #options: RedisQueueOptions;
  readonly #worker: WorkerSign;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #stopped = false;
  #rounds = 0;
  #beat = 0;

  constructor(client: QueueClient, options: RedisQueueOptions, worker: WorkerSign) {
    this.#client = client;
    this.#options = options;
    this.#worker = worker;
  }

  round(): Promise<void> {
    this.#running = this.#round().catch((error: unknown) => {
      const { queue, server } = this.#client;
      // That is told once, by the client.
      if (this.#client.lost() !== undefined) return;
      this.#options.onFault?.(redisFault(queue, server, 'upkeep', error));
    });
    return this.#running.then(() => {
      if (!this.#stopped && this.#client.lost() === undefined)
        this.#timer = setTimeout(() => void this.round(), PERIOD_MS);
    });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
    const key = `${this.#client.prefix}basalt:workers`;
    await this.#client
      .ask('close', (redis) => redis.hdel(key, this.#worker.bull))
      .catch(() => undefined);
  }

  async bury(): Promise<void> {
    const found = (await this.#client.run('basaltStrangers', [])) as [string, string, string][];
    for (const [id, kind, data] of found) {
      const read = jobOfText(data, plainJobId(id));
      if (kind === 'hash' && 'job' in read) continue;
      const problem =
        kind === 'hash' ? (read as { problem: string }).problem : `its key is a ${kind}`;
      const finding = diagnostic.QUE108({ job: id, queue: this.#client.queue, problem });
      const { code, message } = finding;
      const text = failedReasonText({ cause: 'malformed', reason: { code, message }, attempts: 0 });
      await this.#client.run('basaltBury', [Date.now(), text, id]);
      this.#options.onFault?.(finding);
    }
  }

  async #round(): Promise<void> {
    await this.#showLife();
    await fireSchedules(this.#client, this.#options.maxJobBytes);
    await this.#client.run('basaltWake', [Date.now()]);
    await this.#forgetDone();
    if (this.#rounds % SWEEP_EVERY === 0) await this.#sweep();
    this.#rounds += 1;
  }

  async #showLife(): Promise<void> {
    const { queue, server } = this.#client;
    const sign = [JSON.stringify(this.#worker), this.#worker.bull];
    const beat = (await this.#client.run('basaltBeat', sign)) as number;
    if (beat <= this.#beat) {
      const what = 'its content is older than it was';
      this.#options.onFault?.(diagnostic.QUE204({ queue, server, what }));
    }
    this.#beat = beat;
  }

  async #forgetDone(): Promise<void> {
    const { keepDone = KEEP_DONE, keepDoneMs = KEEP_DONE_MS } = this.#options;
    let gone: number;
    do {
      gone = (await this.#client.run('basaltForget', [
        keepDone,
        Date.now() - keepDoneMs,
      ])) as number;
    } while (gone === FORGET_AT_ONCE && !this.#stopped);
  }

  async #sweep(): Promise<void> {
    await this.bury();
    const key = `${this.#client.prefix}basalt:lanes`;
    let cursor = '0';
    do {
      const [next, lanes] = await this.#client.ask('upkeep', (redis) =>
        redis.sscan(key, cursor, 'COUNT', LANES_AT_ONCE),
      );
      if (lanes.length > 0) await this.#client.run('basaltSettle', lanes);
      cursor = next;
    } while (cursor !== '0' && !this.#stopped);
  }
}

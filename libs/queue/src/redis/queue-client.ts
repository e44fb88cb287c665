// The connection of one queue to Redis: our scripts, and errors as findings.
import { randomUUID } from 'node:crypto';
import { DiagnosticError, diagnostic, type Diagnostic } from '@basalt/diagnostics';
import { Redis, type RedisOptions } from 'ioredis';
import { keysPrefix } from './redis-keys.js';
import { OTHER_QUEUE } from './lua-prelude.js';
import { QUEUE_SCRIPTS, scriptText } from './queue-scripts.js';
import type { RedisQueueOptions } from './redis-queue-options.js';

const TIMEOUT_MS = 5_000;
const RECONNECTS_PER_CALL = 3;
const LONGEST_WAIT_MS = 1_000;
/** ioredis keeps the process for as long when it leaves a connection, also one that is closed. */
const LEAVE_MS = 50;

/** Calls of workers, which look at the queue at other times. */
const UPKEEP: ReadonlySet<string> = new Set(['upkeep', 'work', 'close']);

/** A script: numbers and texts in, what Redis answers out. */
type Script = (...args: readonly (string | number | Uint8Array)[]) => Promise<unknown>;

/** A connection whose failures are findings. */
export interface QueueClient {
  readonly queue: string;
  /** Host and port, for messages. */
  readonly server: string;
  readonly prefix: string;
  readonly redis: Redis;
  /** Runs one of our scripts, which does nothing where the queue is not the one that was opened. */
  run(
    name: keyof typeof QUEUE_SCRIPTS,
    args: readonly (string | number | Uint8Array)[],
  ): Promise<unknown>;
  /** Runs commands, after such a look at the queue. @throws DiagnosticError QUE202, QUE203, and QUE104 after `close`. */
  ask<T>(call: string, body: (redis: Redis) => Promise<T>): Promise<T>;
  /** Looks whether the queue is still the one that was opened; rejects like any call. */
  check(): Promise<void>;
  /** Set when the queue is not the one that was opened: QUE204, with which every call rejects then. */
  lost(): Diagnostic | undefined;
  /** Called when that is found out. */
  onLost(listener: () => void): void;
  /** A further connection, for a worker: it waits for the server as long as it takes. */
  forWorker(): Redis;
  close(): Promise<void>;
}

/** Connects. @throws DiagnosticError QUE201 when the server cannot be used. */
export async function connectQueue(options: RedisQueueOptions): Promise<QueueClient> {
  const { queue, url, timeoutMs = TIMEOUT_MS } = options;
  if (!URL.canParse(url) || !/^rediss?:$/.test(new URL(url).protocol)) {
    // The address is not shown: it may hold a password.
    const reason = 'its address is none of Redis, such as redis://127.0.0.1:6379';
    throw new DiagnosticError([diagnostic.QUE201({ queue, server: 'that was given', reason })]);
  }
  const access = {
    disconnectTimeout: LEAVE_MS,
    ...(options.username === undefined ? {} : { username: options.username }),
    ...(options.password === undefined ? {} : { password: options.password }),
  };
  const server = new URL(url).host;
  const timed = { ...access, commandTimeout: timeoutMs };
  const redis = await connected(url, timed, queue, server, options.onFault);
  const client = new ConnectedQueue(options, server, redis, access);
  try {
    await client.begin();
    return client;
  } catch (error) {
    await client.close();
    throw error;
  }
}

class ConnectedQueue implements QueueClient {
  readonly queue: string;
  readonly server: string;
  readonly prefix: string;
  readonly redis: Redis;
  readonly #options: RedisQueueOptions;
  readonly #access: RedisOptions;
  readonly #listeners: (() => void)[] = [];
  /** The name that the queue has had since it was made. */
  #mark = '';
  #lost: Diagnostic | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: RedisQueueOptions, server: string, redis: Redis, access: RedisOptions) {
    this.queue = options.queue;
    this.server = server;
    this.prefix = keysPrefix(options.queue);
    this.redis = redis;
    this.#options = options;
    this.#access = access;
  }

  /** Gives the queue a mark where it has none, and remembers the one that it has. */
  async begin(): Promise<void> {
    this.#mark = await this.#ask('open', async (redis) => {
      await redis.hsetnx(this.#markKey, 'mark', randomUUID());
      return (await redis.hget(this.#markKey, 'mark')) ?? '';
    });
  }

  run(name: keyof typeof QUEUE_SCRIPTS, args: readonly (string | number | Uint8Array)[]) {
    return this.#ask(name, (redis) => {
      const script = (redis as unknown as Record<string, Script>)[name]!;
      return script.call(redis, this.prefix, this.prefix + this.#mark, ...args);
    });
  }

  async ask<T>(call: string, body: (redis: Redis) => Promise<T>): Promise<T> {
    if (!UPKEEP.has(call)) await this.check(call);
    return this.#ask(call, body);
  }

  check(call = 'check'): Promise<void> {
    return this.#ask(call, async (redis) => {
      const mark = await redis.hget(this.#markKey, 'mark');
      if (mark !== this.#mark) throw new Error(OTHER_QUEUE);
    });
  }

  lost(): Diagnostic | undefined {
    return this.#lost;
  }

  onLost(listener: () => void): void {
    this.#listeners.push(listener);
  }

  forWorker(): Redis {
    return new Redis(this.#options.url, {
      ...this.#access,
      maxRetriesPerRequest: null,
      retryStrategy: reconnectDelay,
    });
  }

  close(): Promise<void> {
    return (this.#closing ??= this.redis.quit().then(
      () => undefined,
      () => this.redis.disconnect(),
    ));
  }

  get #markKey(): string {
    return `${this.prefix}basalt:meta`;
  }

  async #ask<T>(call: string, body: (redis: Redis) => Promise<T>): Promise<T> {
    const { queue, server } = this;
    if (this.#closing !== undefined) {
      throw new DiagnosticError([diagnostic.QUE104({ call, queue })]);
    }
    if (this.#lost !== undefined) throw new DiagnosticError([this.#lost]);
    try {
      return await body(this.redis);
    } catch (error) {
      if (error instanceof DiagnosticError) throw error;
      const isLost = error instanceof Error && error.message.includes(OTHER_QUEUE);
      const fault = isLost ? this.#lose() : redisFault(queue, server, call, error);
      throw new DiagnosticError([fault], { cause: error });
    }
  }

  #lose(): Diagnostic {
    if (this.#lost !== undefined) return this.#lost;
    const { queue, server } = this;
    const what = 'what it held when it was opened is gone';
    const lost = (this.#lost = diagnostic.QUE204({ queue, server, what }));
    this.#options.onFault?.(lost);
    for (const listener of this.#listeners) listener();
    return lost;
  }
}

/** The finding for an error of Redis or of the way to it. */
export function redisFault(
  queue: string,
  server: string,
  call: string,
  error: unknown,
): Diagnostic {
  const reason = reasonOf(error);
  if (/\bWRONGTYPE\b/.test(reason)) return diagnostic.QUE203({ queue, server, call });
  return diagnostic.QUE202({ queue, server, call, reason });
}

async function connected(
  url: string,
  access: RedisOptions,
  queue: string,
  server: string,
  onFault: RedisQueueOptions['onFault'],
): Promise<Redis> {
  let everReady = false;
  let fault: unknown;
  const redis = new Redis(url, {
    ...access,
    lazyConnect: true,
    connectTimeout: access.commandTimeout ?? TIMEOUT_MS,
    maxRetriesPerRequest: RECONNECTS_PER_CALL,
    // A server that was never there is a mistake, and is told at once.
    retryStrategy: (times) => (everReady ? reconnectDelay(times) : null),
  });
  redis.on('ready', () => (everReady = true));
  redis.on('error', (error: unknown) => (fault = error));
  for (const name of Object.keys(QUEUE_SCRIPTS) as (keyof typeof QUEUE_SCRIPTS)[]) {
    redis.defineCommand(name, { numberOfKeys: 2, lua: scriptText(name) });
  }
  try {
    await redis.connect();
    const info = await redis.info();
    const policy = /^maxmemory_policy:(\S+)/m.exec(info)?.[1] ?? 'noeviction';
    if (policy !== 'noeviction') onFault?.(diagnostic.QUE205({ queue, server, policy }));
    return redis;
  } catch (cause) {
    redis.disconnect();
    const reason = reasonOf(fault ?? cause);
    throw new DiagnosticError([diagnostic.QUE201({ queue, server, reason })], { cause });
  }
}

function reconnectDelay(times: number): number {
  return Math.min(20 * 2 ** Math.min(times, 10), LONGEST_WAIT_MS);
}

/** Faults of several addresses come as one error with an empty message. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  return error instanceof Error ? error.message : String(error);
}

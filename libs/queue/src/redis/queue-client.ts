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
  const prefix = keysPrefix(queue);
  if (!URL.canParse(url) || !/^rediss?:$/.test(new URL(url).protocol)) {
    // The address is not shown: it may hold a password.
    const reason = 'its address is none of Redis, such as redis://127.0.0.1:6379';
    throw new DiagnosticError([diagnostic.QUE201({ queue, server: 'that was given', reason })]);
  }
  const server = new URL(url).host;
  const access = {
    disconnectTimeout: LEAVE_MS,
    ...(options.username === undefined ? {} : { username: options.username }),
    ...(options.password === undefined ? {} : { password: options.password }),
  };
  const timed = { ...access, commandTimeout: timeoutMs };
  const redis = await connected(url, timed, queue, server, options.onFault);
  const scripts = redis as unknown as Record<string, Script>;
  const listeners: (() => void)[] = [];
  let closing: Promise<void> | undefined;
  let lost: Diagnostic | undefined;
  const lose = () => {
    if (lost !== undefined) return;
    lost = diagnostic.QUE204({ queue, server, what: 'what it held when it was opened is gone' });
    options.onFault?.(lost);
    for (const listener of listeners) listener();
  };
  const ask = async <T>(call: string, body: (client: Redis) => Promise<T>): Promise<T> => {
    if (closing !== undefined) throw new DiagnosticError([diagnostic.QUE104({ call, queue })]);
    if (lost !== undefined) throw new DiagnosticError([lost]);
    try {
      return await body(redis);
    } catch (error) {
      if (error instanceof DiagnosticError) throw error;
      if (error instanceof Error && error.message.includes(OTHER_QUEUE)) lose();
      const fault = lost ?? redisFault(queue, server, call, error);
      throw new DiagnosticError([fault], { cause: error });
    }
  };
  const markKey = `${prefix}basalt:meta`;
  const mark = await ask('open', async (client) => {
    await client.hsetnx(markKey, 'mark', randomUUID());
    return (await client.hget(markKey, 'mark')) ?? '';
  }).catch(async (error: unknown) => {
    redis.disconnect();
    throw error;
  });
  const check = (call: string) =>
    ask(call, async (client) => {
      if ((await client.hget(markKey, 'mark')) !== mark) throw new Error(OTHER_QUEUE);
    });
  return {
    queue,
    server,
    prefix,
    redis,
    ask: async (call, body) => {
      if (!UPKEEP.has(call)) await check(call);
      return ask(call, body);
    },
    run: (name, args) => ask(name, () => scripts[name]!(prefix, prefix + mark, ...args)),
    check: () => check('check'),
    lost: () => lost,
    onLost: (listener) => void listeners.push(listener),
    forWorker: () =>
      new Redis(url, { ...access, maxRetriesPerRequest: null, retryStrategy: reconnectDelay }),
    close: () =>
      (closing ??= redis.quit().then(
        () => undefined,
        () => redis.disconnect(),
      )),
  };
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

// One connection to a Redis server, which the Redis providers share. Commands are sent again after a
// lost connection, so each one that a provider sends has to give the same answer when it is repeated.
import { DiagnosticError, diagnostic } from '@basalt/diagnostics';
import type { Redis } from 'ioredis';
import { storedKey } from '../disk/stored-key.js';
import { redisAddressProblem, shownAddress } from './redis-address.js';

export interface RedisStoreOptions {
  readonly password?: string;
  /** Goes before every key, so that several users may share a database; `basalt` by default. */
  readonly prefix?: string;
  /** How long a command may take, reconnecting included, in milliseconds; 5,000 by default. */
  readonly timeoutMs?: number;
}

/** A connected store. */
export interface RedisStore {
  /** Host, port and database, for messages. */
  readonly server: string;
  /** The Redis key of a text in a table. */
  key(table: string, text: string): Buffer;
  /** Sends commands. @throws DiagnosticError CAP131 when the server does not answer as it should, and
   * CAP108 after `close`. */
  ask<T>(call: string, body: (client: Redis) => Promise<T>): Promise<T>;
  /** Ends the connection, after the commands that were sent. */
  close(): Promise<void>;
}

const TIMEOUT_MS = 5_000;
const LONGEST_WAIT_MS = 1_000;
/** ioredis keeps the process for as long when it leaves a connection, also one that is closed. */
const LEAVE_MS = 50;
/** Connections that a command is tried on before it fails. */
const RECONNECTS_PER_COMMAND = 3;

/** Connects to the server at `url`, such as `redis://127.0.0.1:6379/0` or, with TLS, `rediss://...`.
 * @throws DiagnosticError CAP130 when it cannot be used. @throws RangeError for a text that is no
 * address of a Redis server, or holds a password. */
export async function openRedisStore(
  url: string,
  options: RedisStoreOptions = {},
): Promise<RedisStore> {
  const problem = redisAddressProblem(url);
  if (problem !== undefined) throw new RangeError(`openRedisStore: ${problem}`);
  const server = shownAddress(url);
  const { client, lastFault } = await clientOf(url, options);
  try {
    await client.connect();
    await client.ping();
  } catch (cause) {
    client.disconnect();
    const reason = reasonOf(lastFault() ?? cause);
    throw new DiagnosticError([diagnostic.CAP130({ server, reason })], { cause });
  }
  const prefix = Buffer.from(`${options.prefix ?? 'basalt'}:`);
  let closing: Promise<void> | undefined;
  return {
    server,
    key: (table, text) => Buffer.concat([prefix, Buffer.from(`${table}:`), storedKey(text)]),
    async ask(call, body) {
      if (closing !== undefined) throw new DiagnosticError([diagnostic.CAP108({ call })]);
      try {
        return await body(client);
      } catch (cause) {
        const lost = client.status === 'ready' ? undefined : lastFault();
        const reason = reasonOf(lost ?? cause);
        throw new DiagnosticError([diagnostic.CAP131({ call, server, reason })], { cause });
      }
    },
    close: () => (closing ??= closed(client)),
  };
}

/** The client is loaded when it is needed: most processes use no Redis. */
async function clientOf(url: string, options: RedisStoreOptions) {
  const timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
  // Its one CommonJS export: bundlers know no names of it.
  const { default: ioredis } = await import('ioredis');
  let fault: unknown;
  let everReady = false;
  const client = new ioredis.Redis(url, {
    ...(options.password === undefined ? {} : { password: options.password }),
    lazyConnect: true,
    connectTimeout: timeoutMs,
    commandTimeout: timeoutMs,
    maxRetriesPerRequest: RECONNECTS_PER_COMMAND,
    disconnectTimeout: LEAVE_MS,
    // A server that was never there is a mistake of the binding, and is told at once.
    retryStrategy: (times) => (everReady ? Math.min(20 * 2 ** times, LONGEST_WAIT_MS) : null),
  });
  client.on('ready', () => {
    everReady = true;
    fault = undefined;
  });
  client.on('error', (error: unknown) => {
    fault = error;
  });
  return { client, lastFault: () => fault };
}

async function closed(client: Redis): Promise<void> {
  try {
    await client.quit();
  } catch {
    client.disconnect();
  }
}

/** Connection faults of several addresses come as one error with an empty message. */
function reasonOf(error: unknown): string {
  const { message, errors } = error as { message?: unknown; errors?: unknown };
  if (Array.isArray(errors) && errors.length > 0) return reasonOf(errors[0]);
  return typeof message === 'string' && message !== '' ? message : String(error);
}

// The connection of one store of journals to Redis: scripts, bytes in answers, and what is known of how
// well the server keeps its data.
import { openRedisStore } from '@basalt/capabilities';
import { DiagnosticError, diagnostic } from '@basalt/diagnostics';
import type { Redis } from 'ioredis';
import { randomUUID } from 'node:crypto';
import { JOURNAL_PRELUDE, JOURNAL_SCRIPTS } from './journal-lua.js';
import type { RedisJournalOptions } from './redis-journal-options.js';

export type ScriptName = keyof typeof JOURNAL_SCRIPTS;
export type ScriptArgument = string | number | Uint8Array;
/** What a script answers: bytes for texts, and lists. */
export type Answer = Buffer | number | null | readonly Answer[];

export interface JournalClient {
  readonly server: string;
  readonly prefix: string;
  /** The name that the store has had since it was made. */
  readonly mark: string;
  /** Names the process of the server: another one after each start. */
  instance(): string;
  /** Whether what the server acknowledges is on its disk. */
  isDurable(): boolean;
  /** @throws DiagnosticError JRNL201 where the store is not the one that was opened. Asked after reading,
   * it says that all that was read is of that store. */
  checkMark(call: string): Promise<void>;
  /** Calls `listener` when a lost connection is there again. */
  onReconnect(listener: () => void): void;
  run(call: string, name: ScriptName, args: readonly ScriptArgument[]): Promise<Answer>;
  ask<T>(call: string, body: (redis: Redis) => Promise<T>): Promise<T>;
  /** Calls `listener` with every message of a channel. */
  subscribe(channel: string, listener: (message: string) => void): Promise<void>;
  close(): Promise<void>;
}

type Scripted = Redis & Record<string, (...args: unknown[]) => Promise<Answer>>;

/** Connects. @throws DiagnosticError CAP130 where the server cannot be used. @throws RangeError for a
 * text that is no address of a Redis server. */
export async function connectJournal(options: RedisJournalOptions): Promise<JournalClient> {
  const { url, password, timeoutMs } = options;
  const store = await openRedisStore(url, {
    prefix: 'basalt',
    ...(password === undefined ? {} : { password }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  });
  // The braces keep all keys of the store on one node of a cluster.
  const prefix = `basalt:{journal ${options.name ?? 'runs'}}:`;
  let subscriber: Redis | undefined;
  const known = { mark: '', instance: '', durable: false };
  const reconnected: (() => void)[] = [];
  try {
    await store.ask('journal.open', async (redis) => {
      for (const [name, lua] of Object.entries(JOURNAL_SCRIPTS)) {
        redis.defineCommand(name, { numberOfKeys: 1, lua: JOURNAL_PRELUDE + lua });
      }
      const look = async () => {
        known.instance = /^run_id:(\w+)/m.exec(await redis.info('server'))?.[1] ?? '';
        known.durable = await keepsAll(redis);
      };
      // It may be another process of the server, and with other settings, when it is there again.
      redis.on('ready', () => {
        void look().catch(() => undefined);
        for (const listener of reconnected) listener();
      });
      await look();
      await redis.hsetnx(`${prefix}meta`, 'mark', randomUUID());
      known.mark = (await redis.hget(`${prefix}meta`, 'mark'))!;
      subscriber = subscriberOf(redis);
      await subscriber.connect();
    });
  } catch (error) {
    subscriber?.disconnect();
    await store.close();
    throw error;
  }
  return {
    server: store.server,
    prefix,
    mark: known.mark,
    instance: () => known.instance,
    isDurable: () => known.durable,
    async checkMark(call) {
      const mark = await store.ask(call, (redis) => redis.hget(`${prefix}meta`, 'mark'));
      if (mark !== known.mark) throw storeLost(store);
    },
    onReconnect: (listener) => void reconnected.push(listener),
    run: (call, name, args) =>
      store.ask(call, (redis) => (redis as Scripted)[`${name}Buffer`]!(prefix, ...args.map(sent))),
    ask: (call, body) => store.ask(call, body),
    async subscribe(channel, listener) {
      subscriber!.on('message', (_channel, message) => listener(message));
      await subscriber!.subscribe(channel);
      // Where that fails the connection is closed, and is ready once more later.
      subscriber!.on('ready', () => void subscriber!.subscribe(channel).catch(() => undefined));
    },
    async close() {
      subscriber!.disconnect();
      await store.close();
    },
  };
}

function subscriberOf(redis: Redis): Redis {
  const subscriber = redis.duplicate({
    lazyConnect: true,
    maxRetriesPerRequest: null,
    // ioredis subscribes again without looking at the answer, which ends the process where the
    // connection is closed again meanwhile.
    autoResubscribe: false,
  });
  subscriber.on('error', () => undefined);
  return subscriber;
}

/** What ioredis sends as it is: it takes other byte arrays for lists. */
function sent(argument: ScriptArgument): string | number | Buffer {
  if (!(argument instanceof Uint8Array)) return argument;
  return Buffer.from(argument.buffer, argument.byteOffset, argument.byteLength);
}

async function keepsAll(redis: Redis): Promise<boolean> {
  try {
    const answers = (await redis.config('GET', 'append*')) as string[];
    const settings = new Map<string, string>();
    for (let i = 0; i < answers.length; i += 2) settings.set(answers[i]!, answers[i + 1]!);
    return settings.get('appendonly') === 'yes' && settings.get('appendfsync') === 'always';
  } catch {
    // A server that does not tell its settings is not trusted.
    return false;
  }
}

/** The finding for an answer that says that the store is not what it was. */
export function storeLost({ server }: Pick<JournalClient, 'server'>): DiagnosticError {
  return new DiagnosticError([diagnostic.JRNL201({ server })]);
}

/** The text at a place of an answer. */
export function textAt(answer: Answer, at: number): string {
  return String((answer as readonly Answer[])[at]);
}

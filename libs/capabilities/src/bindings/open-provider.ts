// Opens one provider of the table.
import { isAbsolute, resolve } from 'node:path';
import { DiagnosticError, diagnostic } from '@basalt/diagnostics';
import type { CacheBounds } from '../cache-bounds.js';
import type { CapabilitySet, Clock, LogLevel, Rng } from '../capability-set.js';
import { diskBlob } from '../disk/disk-blob.js';
import { diskCache } from '../disk/disk-cache.js';
import { diskDedupe } from '../disk/disk-dedupe.js';
import { diskKv } from '../disk/disk-kv.js';
import { diskQueue } from '../disk/disk-queue.js';
import { openDiskStore, type DiskStore } from '../disk/disk-store.js';
import { diskFs } from '../fs/disk-fs.js';
import { httpRead, httpWrite } from '../http/http-client.js';
import type { HttpOptions } from '../http/http-options.js';
import { jsonLog } from '../log/json-log.js';
import { memoryBlob } from '../memory/memory-blob.js';
import { memoryCache } from '../memory/memory-cache.js';
import { memoryDedupe } from '../memory/memory-dedupe.js';
import { memoryKv } from '../memory/memory-kv.js';
import { memoryQueue } from '../memory/memory-queue.js';
import { redisCache } from '../redis/redis-cache.js';
import { redisDedupe } from '../redis/redis-dedupe.js';
import { redisKv } from '../redis/redis-kv.js';
import { openRedisStore, type RedisStore } from '../redis/redis-store.js';
import type { SecretRedactor } from '../secrets/secret-redactor.js';
import { secretStore } from '../secrets/secret-store.js';
import type { ProviderSettings } from './provider-kinds.js';

/** What providers are opened with. */
export interface ProviderHost {
  readonly clock: Clock;
  readonly rng: Rng;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly logSink: (line: string) => void;
  readonly baseFolder: string;
  readonly redactor: SecretRedactor;
}

/** An open provider. `capabilities` holds all that it could serve. */
export interface OpenProvider {
  readonly capabilities: CapabilitySet;
  readonly close?: () => Promise<void>;
}

type Open = (settings: ProviderSettings, host: ProviderHost) => Promise<OpenProvider>;

type Bound = { readonly maxValueBytes?: number };

/** A provider without anything to close. */
const plain =
  (make: (settings: ProviderSettings, host: ProviderHost) => CapabilitySet): Open =>
  async (settings, host) => ({ capabilities: make(settings, host) });

/** A provider in a disk store. */
function inStore(
  make: (
    store: DiskStore,
    settings: ProviderSettings,
    host: ProviderHost,
  ) => CapabilitySet | Promise<CapabilitySet>,
): Open {
  return async (settings, host) => {
    const store = await openDiskStore(placed(settings.connect['folder'] as string, host));
    return { capabilities: await make(store, settings, host), close: () => store.close() };
  };
}

/** A provider on a Redis server; its clock is the server's. */
function inRedis(make: (store: RedisStore, settings: ProviderSettings) => CapabilitySet): Open {
  return async (settings, { environment, redactor }) => {
    const { passwordVariable, ...options } = settings.config as RedisUse;
    const password = passwordVariable === undefined ? undefined : environment[passwordVariable];
    if (passwordVariable !== undefined && !password) {
      throw new DiagnosticError([diagnostic.BIND017({ variable: passwordVariable })]);
    }
    if (password !== undefined) redactor.add(password);
    const url = settings.connect['url'] as string;
    const store = await openRedisStore(url, { ...options, ...(password ? { password } : {}) });
    return { capabilities: make(store, settings), close: () => store.close() };
  };
}

interface RedisUse {
  readonly passwordVariable?: string;
  readonly prefix?: string;
  readonly timeoutMs?: number;
}

function placed(path: string, host: ProviderHost): string {
  return isAbsolute(path) ? path : resolve(host.baseFolder, path);
}

async function openHttp({ config }: ProviderSettings): Promise<OpenProvider> {
  const options = config as HttpOptions;
  const clients = { httpRead: httpRead(options), httpWrite: httpWrite(options) };
  return {
    capabilities: clients,
    close: async () => {
      await Promise.all([clients.httpRead.close(), clients.httpWrite.close()]);
    },
  };
}

async function openFs({ connect, config }: ProviderSettings, host: ProviderHost) {
  const roots = (name: string) => (connect[name] as string[]).map((root) => placed(root, host));
  const fs = await diskFs({
    ...config,
    readRoots: roots('readRoots'),
    writeRoots: roots('writeRoots'),
  });
  return { capabilities: { fs } };
}

/** How each kind of the table is opened; a test holds the two in step. */
export const OPENERS: Readonly<Record<string, Open>> = {
  'kv.memory': plain(({ config }, { clock }) => ({
    kv: memoryKv({ ...(config as Bound), clock }),
  })),
  'kv.disk': inStore((store, { config }, { clock }) => ({
    kv: diskKv(store, { ...(config as Bound), clock }),
  })),
  'kv.redis': inRedis((store, { config }) => ({ kv: redisKv(store, config as Bound) })),
  'blob.memory': plain(({ config }) => ({ blob: memoryBlob(config as Bound) })),
  'blob.disk': inStore((store, { config }) => ({ blob: diskBlob(store, config as Bound) })),
  'queue.memory': plain(({ config }) => ({ queue: memoryQueue(config as Bound) })),
  'queue.disk': inStore((store, { config }) => ({ queue: diskQueue(store, config as Bound) })),
  'dedupe.memory': plain((_settings, { clock }) => ({ dedupe: memoryDedupe({ clock }) })),
  'dedupe.disk': inStore((store, _settings, { clock }) => ({
    dedupe: diskDedupe(store, { clock }),
  })),
  'dedupe.redis': inRedis((store) => ({ dedupe: redisDedupe(store) })),
  'cache.memory': plain(({ config }, { clock }) => ({
    cache: memoryCache({ ...(config as CacheBounds), clock }),
  })),
  'cache.disk': inStore(async (store, { config }, { clock }) => {
    const cache = await diskCache(store, { ...(config as CacheBounds), clock });
    return { cache, cacheDisk: cache };
  }),
  'cache.redis': inRedis((store, { config }) => {
    const cache = redisCache(store, config as Bound);
    return { cache, cacheRedis: cache };
  }),
  'http.undici': openHttp,
  'clock.system': plain((_settings, { clock }) => ({ clock })),
  'rng.system': plain((_settings, { rng }) => ({ rng })),
  'secrets.env': plain(({ config }, { environment, redactor }) => ({
    secrets: secretStore({
      allow: (config['allow'] as string[] | undefined) ?? [],
      values: environment,
      redactor,
    }),
  })),
  'fs.disk': openFs,
  'log.stderr': plain(({ config }, { clock, logSink, redactor }) => ({
    log: jsonLog({
      level: (config['level'] as LogLevel | undefined) ?? 'info',
      sink: logSink,
      clock,
      redactor,
    }),
  })),
};

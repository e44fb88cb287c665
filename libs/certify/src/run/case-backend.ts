// Where cases keep their jobs and journals: a folder each, or names of their own on a Redis server, which
// is reached through a proxy that breaks connections when it is told to.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { startCuttingProxy, startRedisServer, type CuttingProxy } from '@basalt/test-servers';
import { Redis } from 'ioredis';
import type { CasePlace } from '../worker/worker-messages.js';

/** The place of one case. */
export interface CaseSite {
  /** For the certifying process: no fault stands in its way. */
  readonly place: CasePlace;
  /** For workers. */
  readonly workerPlace: CasePlace;
  readonly cut: (loses: 'request' | 'answer') => void;
  readonly partition: () => void;
  /** Ends a partition. */
  restore(): void;
  remove(): Promise<void>;
}

export interface CaseBackend {
  readonly kind: 'embedded' | 'redis';
  /** Whether connections can be broken. */
  readonly cuts: boolean;
  site(): Promise<CaseSite>;
  close(): Promise<void>;
}

export function embeddedBackend(): CaseBackend {
  return {
    kind: 'embedded',
    cuts: false,
    async site() {
      const folder = await mkdtemp(join(tmpdir(), 'basalt-certify-'));
      const place: CasePlace = { backend: 'embedded', folder };
      const nothing = () => undefined;
      return {
        place,
        workerPlace: place,
        cut: nothing,
        partition: nothing,
        restore: nothing,
        remove: () => rm(folder, { recursive: true, force: true }),
      };
    },
    close: () => Promise.resolve(),
  };
}

const PARTITION_MS = 400;
const LOCAL: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]']);

export interface RedisPlace {
  /** A server that is there; one is started, in a temporary folder, when absent. */
  readonly url?: string | undefined;
  readonly password?: string | undefined;
}

/** @throws Error where no server can be started. */
export async function redisBackend({ url: given, password }: RedisPlace): Promise<CaseBackend> {
  const args = ['--appendonly', 'yes', '--appendfsync', 'always'];
  const server = given === undefined ? await startRedisServer({ args }) : undefined;
  const address = new URL(given ?? server!.url);
  const isLocal = address.protocol === 'redis:' && LOCAL.has(address.hostname);
  const proxy = isLocal ? await startCuttingProxy(Number(address.port || 6379)) : undefined;
  const { href: url } = address;
  const series = `certify-${randomBytes(6).toString('hex')}`;
  let sites = 0;
  const through = new URL(url);
  if (proxy !== undefined) {
    through.hostname = '127.0.0.1';
    through.port = String(proxy.port);
  }
  return {
    kind: 'redis',
    cuts: proxy !== undefined,
    site: async () => {
      sites += 1;
      const name = `${series}-${sites}`;
      const shared = { backend: 'redis', password, name } as const;
      const place: CasePlace = { ...shared, url };
      const workerPlace: CasePlace = { ...shared, url: through.href };
      return { place, workerPlace, ...breaking(proxy), remove: () => Promise.resolve() };
    },
    async close() {
      await proxy?.close();
      if (server === undefined) await removeKeys(url, password, series);
      else await server.stop();
    },
  };
}

function breaking(
  proxy: CuttingProxy | undefined,
): Pick<CaseSite, 'cut' | 'partition' | 'restore'> {
  let timer: NodeJS.Timeout | undefined;
  const restore = () => {
    clearTimeout(timer);
    proxy?.restore();
  };
  return {
    cut: (loses) => void proxy?.cutNext(loses),
    partition() {
      proxy?.sever();
      timer = setTimeout(restore, PARTITION_MS);
    },
    restore,
  };
}

const KEYS_AT_ONCE = 500;

/** Leaves a server as it was: every key of a case has the name of the series in it. */
async function removeKeys(
  url: string,
  password: string | undefined,
  series: string,
): Promise<void> {
  const redis = new Redis(url, password === undefined ? {} : { password });
  try {
    const found = redis.scanStream({ match: `*${series}-*`, count: KEYS_AT_ONCE });
    for await (const keys of found as AsyncIterable<string[]>) {
      if (keys.length > 0) await redis.unlink(...keys);
    }
  } finally {
    redis.disconnect();
  }
}

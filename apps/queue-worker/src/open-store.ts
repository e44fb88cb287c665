// Opens the journal and the queue that the command line names.
import { access } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { DiagnosticError, diagnostic } from '@basalt/diagnostics';
import { MissingToolError } from '@basalt/flow-loader';
import { openEmbeddedJournal, openRedisJournal, type JournalStore } from '@basalt/journal';
import {
  openEmbeddedQueue,
  openRedisQueue,
  openRestateQueue,
  type QueueBackend,
  type RestateOptions,
} from '@basalt/queue';
import { HostUsageError, type HostOutside } from './host-outside.js';
import type { JournalPlace, StoreArgs } from './store-options.js';

/** `mustExist`: a folder that nothing was kept in yet is a mistake (CLI011) and is not made. */
export interface OpenStoreOptions {
  readonly mustExist?: boolean | undefined;
}

type Place = Pick<HostOutside, 'cwd' | 'env' | 'err'>;

/** @throws HostUsageError for options that do not fit, MissingToolError where the server is not there,
 * DiagnosticError for everything else. */
export async function openJournal(
  args: JournalPlace,
  outside: Place,
  { mustExist = false }: OpenStoreOptions = {},
): Promise<JournalStore> {
  checkStoreArgs(args);
  if (args.backend === 'redis') {
    return withServer(() => openRedisJournal(redisAccess(args, outside)));
  }
  const folder = resolve(outside.cwd, args.dir);
  if (mustExist) await requireStore(folder, args.dir);
  return openEmbeddedJournal(folder);
}

/** The same for the queue. */
export async function openQueue(
  args: StoreArgs,
  outside: Place,
  { mustExist = false }: OpenStoreOptions = {},
): Promise<QueueBackend> {
  checkStoreArgs(args);
  const { queue } = args;
  const onFault = (fault: unknown) => outside.err(`${textOf(fault)}\n`);
  if (args.backend === 'embedded') {
    const folder = resolve(outside.cwd, args.dir);
    if (mustExist) await requireStore(folder, args.dir);
    return openEmbeddedQueue({ folder, queue, onFault });
  }
  if (args.backend === 'redis') {
    return withServer(() => openRedisQueue({ ...redisAccess(args, outside), queue, onFault }));
  }
  const opened = openRestateQueue(restateAccess(args));
  await withServer(() => opened.status());
  return opened;
}

/** Where a Restate server is. @throws HostUsageError */
export function restateAccess({ url = '', adminUrl, queue }: StoreArgs): RestateOptions {
  const isHttp = (text: string) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
  if (!isHttp(url)) {
    throw new HostUsageError("--url takes the address of Restate's ingress: http://HOST:8080.");
  }
  const beside = new URL(url);
  beside.port = '9070';
  const admin = adminUrl ?? beside.origin;
  if (!isHttp(admin)) {
    throw new HostUsageError("--admin-url takes Restate's admin interface: http://HOST:9070.");
  }
  return { queue, ingressUrl: new URL(url).origin, adminUrl: new URL(admin).origin };
}

function checkStoreArgs({ backend, url }: Pick<StoreArgs, 'backend' | 'url'>): void {
  if (backend === 'embedded' && url !== undefined) {
    throw new HostUsageError('--url belongs to a --backend with a server, such as redis.');
  }
  if (backend !== 'embedded' && url === undefined) {
    throw new HostUsageError(`--backend ${backend} needs --url.`);
  }
}

async function requireStore(folder: string, shown: string): Promise<void> {
  // A folder with other content is refused by the store itself, with what it holds.
  await access(join(folder, 'FORMAT')).catch(() => {
    throw new DiagnosticError([diagnostic.CLI011({ folder: shown })]);
  });
}

/** The address without its secrets, and the secrets. */
function redisAccess({ url = '' }: Pick<StoreArgs, 'url'>, { env }: Place) {
  if (!URL.canParse(url) || !/^rediss?:$/.test(new URL(url).protocol)) {
    throw new HostUsageError('--url takes the address of a Redis server: redis://HOST:PORT.');
  }
  const address = new URL(url);
  if (address.username !== '') {
    throw new HostUsageError('--url takes a password, but no user: redis://:PASSWORD@HOST:PORT.');
  }
  const password = decodeURIComponent(address.password) || env['FLOWS_REDIS_PASSWORD'];
  address.password = '';
  return {
    url: address.href,
    ...(password === undefined ? {} : { password }),
  };
}

/** Findings that a server cannot be used -> how to have one. */
const NO_SERVER: Readonly<Record<string, string>> = {
  QUE201: 'apt-get install -y redis-server && redis-server --appendonly yes',
  CAP130: 'apt-get install -y redis-server && redis-server --appendonly yes',
  QUE302: 'npm install --global @restatedev/restate-server && restate-server',
};
const NOBODY_THERE = /ECONNREFUSED|ENOTFOUND|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|EAI_AGAIN/;

/** Tells a server that is not there from one that refuses. @throws MissingToolError for the former. */
export async function withServer<T>(open: () => Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    const { code, message } = error.diagnostic;
    const install = NO_SERVER[code];
    if (install === undefined || !NOBODY_THERE.test(message)) throw error;
    throw new MissingToolError(message, install, { cause: error });
  }
}

function textOf(fault: unknown): string {
  if (fault instanceof DiagnosticError) return fault.diagnostic.message;
  return String((fault as { message?: unknown }).message ?? fault);
}

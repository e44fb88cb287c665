// Opens the journal and the queue that the command line names.
import { access } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { DiagnosticError, diagnostic } from '@basalt/diagnostics';
import { MissingToolError } from '@basalt/flow-loader';
import { openEmbeddedJournal, openRedisJournal, type JournalStore } from '@basalt/journal';
import { openEmbeddedQueue, openRedisQueue, type QueueBackend } from '@basalt/queue';
import { HostUsageError, type HostOutside } from './host-outside.js';
import type { StoreArgs } from './store-options.js';

/** `mustExist`: a folder that nothing was kept in yet is a mistake (CLI011) and is not made. */
export interface OpenStoreOptions {
  readonly mustExist?: boolean | undefined;
}

type Place = Pick<HostOutside, 'cwd' | 'env' | 'err'>;

/** @throws HostUsageError for options that do not fit, MissingToolError where the server is not there,
 * DiagnosticError for everything else. */
export async function openJournal(
  args: Omit<StoreArgs, 'queue'>,
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
  return withServer(() => openRedisQueue({ ...redisAccess(args, outside), queue, onFault }));
}

function checkStoreArgs({ backend, url }: Omit<StoreArgs, 'queue'>): void {
  if (backend === 'embedded' && url !== undefined) {
    throw new HostUsageError('--url belongs to --backend redis.');
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
function redisAccess({ url = '' }: Omit<StoreArgs, 'queue'>, { env }: Place) {
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

const NO_SERVER: ReadonlySet<string> = new Set(['QUE201', 'CAP130']);
const NOBODY_THERE = /ECONNREFUSED|ENOTFOUND|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|EAI_AGAIN/;

async function withServer<T>(open: () => Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    const { code, message } = error.diagnostic;
    if (!NO_SERVER.has(code) || !NOBODY_THERE.test(message)) throw error;
    const install = 'apt-get install -y redis-server && redis-server --appendonly yes';
    throw new MissingToolError(message, install, { cause: error });
  }
}

function textOf(fault: unknown): string {
  if (fault instanceof DiagnosticError) return fault.diagnostic.message;
  return String((fault as { message?: unknown }).message ?? fault);
}

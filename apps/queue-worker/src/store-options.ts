// The options that say where queues and journals are kept, for every command that uses them.
import type { Argv } from 'yargs';

/** What keeps journals, and queues beside them. */
export const STORES = ['embedded', 'redis'] as const;
/** What keeps queues. Restate keeps its own journals. */
export const BACKENDS = [...STORES, 'restate'] as const;

/** Where queues and journals are kept. */
export interface StoreArgs {
  readonly backend: (typeof BACKENDS)[number];
  /** Address of the Redis server, or of Restate's ingress. */
  readonly url?: string | undefined;
  /** Address of Restate's admin interface. */
  readonly adminUrl?: string | undefined;
  /** The folder of the embedded backend. */
  readonly dir: string;
  readonly queue: string;
}

/** Where journals are kept. */
export interface JournalPlace {
  readonly backend: (typeof STORES)[number];
  readonly url?: string | undefined;
  readonly dir: string;
}

/** Adds the words. */
export function storeOptions<T>(y: Argv<T>): Argv<T> {
  return y
    .option('backend', {
      choices: BACKENDS,
      default: 'embedded',
      describe: 'Where jobs and journals are kept',
    })
    .option('url', {
      type: 'string',
      describe: 'redis://HOST:6379, or http://HOST:8080 of Restate',
      requiresArg: true,
    })
    .option('admin-url', {
      type: 'string',
      describe: 'Admin interface of Restate; port 9070 beside --url when absent',
      requiresArg: true,
    })
    .option('dir', {
      type: 'string',
      default: '.flows',
      describe: 'Folder of the embedded backend',
      requiresArg: true,
    })
    .option('queue', {
      type: 'string',
      default: 'flows',
      describe: 'Name of the queue',
      requiresArg: true,
    });
}

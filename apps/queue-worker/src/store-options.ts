// The options that say where queues and journals are kept, for every command that uses them.
import type { Argv } from 'yargs';

export const BACKENDS = ['embedded', 'redis'] as const;

/** Where queues and journals are kept. */
export interface StoreArgs {
  readonly backend: (typeof BACKENDS)[number];
  /** Address of the Redis server. */
  readonly url?: string | undefined;
  /** The folder of the embedded backend. */
  readonly dir: string;
  readonly queue: string;
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
      describe: 'Redis server, such as redis://127.0.0.1:6379',
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

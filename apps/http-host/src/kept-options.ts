// The options of a host that keeps its executions, or hands them to workers.
import { STORES } from '@basalt/queue-worker-app';
import type { Argv } from 'yargs';

/** Where executions are kept, and which requests are enqueued. */
export interface KeptArgs {
  readonly journal?: string | undefined;
  readonly backend: (typeof STORES)[number];
  readonly url?: string | undefined;
  readonly queue?: string | undefined;
  readonly enqueue?: boolean | undefined;
}

/** Adds the words. */
export function keptOptions<T>(y: Argv<T>) {
  return y
    .option('journal', {
      type: 'string',
      describe: 'Keep every execution in this folder, and take up what a crash has left',
      requiresArg: true,
    })
    .option('backend', {
      choices: STORES,
      default: 'embedded' as const,
      describe: 'Where executions and jobs are kept',
    })
    .option('url', {
      type: 'string',
      describe: 'Redis server, such as redis://127.0.0.1:6379',
      requiresArg: true,
    })
    .option('queue', {
      type: 'string',
      describe: 'Name of the queue for requests with Prefer: respond-async',
      requiresArg: true,
    })
    .option('enqueue', {
      type: 'boolean',
      describe: 'Enqueue every request; workers execute them',
    });
}

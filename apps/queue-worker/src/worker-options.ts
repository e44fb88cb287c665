// The options of a worker, for `flows queue run` and for the worker's own program.
import type { WorkerOptions } from '@basalt/queue';
import type { Argv } from 'yargs';
import { HostUsageError } from './host-outside.js';
import { storeOptions, type StoreArgs } from './store-options.js';
import type { FlowArgs } from './open-flows.js';

/** What the command line says. */
export interface WorkerArgs extends FlowArgs, StoreArgs {
  readonly concurrency: number;
  readonly perKey?: number | undefined;
  readonly rate?: string | undefined;
  readonly visibilityMs?: number | undefined;
  readonly drainMs: number;
  readonly metricsAddr?: string | undefined;
  readonly jobLog?: boolean | undefined;
  readonly listen?: string | undefined;
  readonly advertise?: string | undefined;
}

const number = (describe: string) => ({ type: 'number', describe, requiresArg: true }) as const;

/** Adds the words that say how a worker works. */
export function workerLimitOptions<T>(y: Argv<T>) {
  return y
    .option('concurrency', { ...number('Deliveries at a time'), default: 10 })
    .option('per-key', number('Deliveries at a time of one partition; 1 when absent'))
    .option('rate', {
      type: 'string',
      describe: 'N/MS: deliveries begun in MS milliseconds, over all workers',
      requiresArg: true,
    })
    .option('visibility-ms', number('A job of a worker without life for so long is given away'))
    .option('drain-ms', { ...number('How long a shutdown waits for jobs'), default: 10_000 })
    .option('job-log', { type: 'boolean', describe: 'Log also the jobs that went well' });
}

export const workerOptions = (y: Argv) =>
  workerLimitOptions(storeOptions(y))
    .positional('flow', {
      type: 'string',
      array: true,
      demandOption: true,
      describe: 'Shipped flows, or .ts or .js modules',
    })
    .option('metrics-addr', {
      type: 'string',
      describe: 'HOST:PORT for /healthz, /readyz and /metrics',
      requiresArg: true,
    })
    .option('listen', {
      type: 'string',
      describe: 'HOST:PORT where Restate calls this worker; a free port when absent',
      requiresArg: true,
    })
    .option('advertise', {
      type: 'string',
      describe: 'URL under which Restate reaches it, where that is another one',
      requiresArg: true,
    })
    .option('bind', {
      type: 'string',
      array: true,
      describe: 'HINT=PROVIDER, as often as needed',
      requiresArg: true,
    })
    .option('bindings-lock', { type: 'string', describe: 'Bindings lock file', requiresArg: true })
    .conflicts('bindings-lock', 'bind');

/** The limits that were given; the queue checks what they may be. @throws HostUsageError */
export function workerLimitsOf({
  concurrency,
  perKey,
  rate,
  visibilityMs,
}: Pick<WorkerArgs, 'concurrency' | 'perKey' | 'rate' | 'visibilityMs'>): WorkerOptions {
  return {
    concurrency,
    ...(perKey === undefined ? {} : { perKey }),
    ...(rate === undefined ? {} : { rate: rateOf(rate) }),
    ...(visibilityMs === undefined ? {} : { visibilityMs }),
  };
}

function rateOf(text: string): { readonly max: number; readonly perMs: number } {
  const match = /^(\d{1,9})\/(\d{1,9})$/.exec(text);
  if (match === null) {
    throw new HostUsageError(`--rate takes N/MS, such as 100/1000, not ${text}.`);
  }
  return { max: Number(match[1]), perMs: Number(match[2]) };
}

// flows queue up FLOW...: everything on this machine in one process: an HTTP host that enqueues what
// comes in, a worker that executes it, and the run viewer.
import { serveFlows, servingOptions, type ServeArgs } from '@basalt/http-host-app';
import { STORES, storeOptions, workerLimitOptions, workerLimitsOf } from '@basalt/queue-worker-app';
import type { Argv } from 'yargs';
import { asHost } from '../durable/as-host.js';
import type { ExitCode } from '../exit-code.js';
import type { CommandIo } from '../terminal/command-io.js';

export interface QueueUpArgs extends ServeArgs {
  readonly dir: string;
  readonly concurrency: number;
  readonly perKey?: number | undefined;
  readonly rate?: string | undefined;
  readonly visibilityMs?: number | undefined;
  readonly drainMs: number;
  readonly jobLog?: boolean | undefined;
}

export const queueUpOptions = (y: Argv) =>
  keptBeside(workerLimitOptions(servingOptions(y)))
    .example('$0 queue up s1_echo', 'POST /echo gives 202 and the URL of the run')
    .example('$0 queue up ./orders.ts --addr 127.0.0.1:0 --dir data', 'On a free port');

/** Restate is no place for a host and a worker in one process. */
const keptBeside = <T>(y: Argv<T>): Argv<T> =>
  storeOptions(y).option('backend', { choices: STORES, default: 'embedded' });

export function queueUp(args: QueueUpArgs, io: CommandIo): Promise<ExitCode> {
  const { dir: journal, drainMs, jobLog = false } = args;
  const serve: ServeArgs = { ...args, journal, enqueue: true };
  return asHost(io, (outside) => {
    const limits = workerLimitsOf(args);
    return serveFlows(serve, outside, { limits, jobLog, drainMs });
  });
}

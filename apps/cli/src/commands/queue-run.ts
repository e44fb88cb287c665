// flows queue run FLOW...: a worker, until a signal comes.
import { workFlows, workerOptions, type WorkerArgs } from '@basalt/queue-worker-app';
import type { Argv } from 'yargs';
import { asHost } from '../durable/as-host.js';
import type { ExitCode } from '../exit-code.js';
import type { CommandIo } from '../terminal/command-io.js';

export const queueRunOptions = (y: Argv) =>
  workerOptions(y)
    .example('$0 queue run s1_echo', 'Execute the jobs of a shipped flow')
    .example('$0 queue run ./orders.ts --concurrency 50 --rate 100/1000', 'With limits');

export function queueRun(args: WorkerArgs, io: CommandIo): Promise<ExitCode> {
  return asHost(io, (outside) => workFlows(args, outside));
}

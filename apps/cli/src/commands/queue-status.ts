// flows queue status: what lies in a queue, and who works on it. Also pause and resume.
import { storeOptions, type StoreArgs } from '@basalt/queue-worker-app';
import type { QueueStatus } from '@basalt/queue';
import type { Argv } from 'yargs';
import { textTable } from '../durable/text-table.js';
import { withQueue } from '../durable/with-queue.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import type { CommandIo } from '../terminal/command-io.js';

export interface QueueStatusArgs extends StoreArgs {
  readonly json?: boolean | undefined;
}

const JSON_OPTION = { type: 'boolean', describe: 'Print one JSON document' } as const;

export const queueStatusOptions = (y: Argv) =>
  storeOptions(y).option('json', JSON_OPTION).example('$0 queue status', 'Counts and workers');

export const queuePauseOptions = (y: Argv) =>
  storeOptions(y)
    .option('json', JSON_OPTION)
    .example('$0 queue pause', 'Workers take nothing until: flows queue resume');

export const queueResumeOptions = (y: Argv) =>
  storeOptions(y).option('json', JSON_OPTION).example('$0 queue resume', 'Workers take jobs again');

export async function queueStatus(args: QueueStatusArgs, io: CommandIo): Promise<ExitCode> {
  print(await withQueue(args, io, (queue) => queue.status()), args, io);
  return EXIT.done;
}

export async function queuePause(args: QueueStatusArgs, io: CommandIo): Promise<ExitCode> {
  const status = await withQueue(args, io, async (queue) => {
    await queue.pause();
    return queue.status();
  });
  print(status, args, io);
  return EXIT.done;
}

export async function queueResume(args: QueueStatusArgs, io: CommandIo): Promise<ExitCode> {
  const status = await withQueue(args, io, async (queue) => {
    await queue.unpause();
    return queue.status();
  });
  print(status, args, io);
  return EXIT.done;
}

function print(status: QueueStatus, { json }: QueueStatusArgs, io: CommandIo): void {
  if (json === true) {
    io.out(`${JSON.stringify(status, null, 2)}\n`);
    return;
  }
  const { queue, paused, counts, totals, workers } = status;
  const list = (numbers: Readonly<Record<string, number>>) =>
    Object.entries(numbers)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ');
  io.out(`${io.outStyle.bold(queue)}${paused ? ' (paused)' : ''}\n`);
  io.out(`  now     ${list(counts)}\n  so far  ${list(totals)}\n`);
  if (workers.length === 0) {
    io.err('No worker is there: flows queue run FLOW\n');
    return;
  }
  const rows = workers.map(({ id, active, concurrency }) => [id, `${active} of ${concurrency}`]);
  io.out(`\n${textTable(['WORKER', 'ACTIVE'], rows, (text) => io.outStyle.bold(text))}`);
}

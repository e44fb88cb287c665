// flows queue enqueue FLOW: adds a job.
import { storeOptions, type StoreArgs } from '@basalt/queue-worker-app';
import type { Argv } from 'yargs';
import { jobOptions, readJob, type JobArgs } from '../durable/job-options.js';
import { withQueue } from '../durable/with-queue.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import type { CommandIo } from '../terminal/command-io.js';
import { UsageError } from '../usage-error.js';

export interface QueueEnqueueArgs extends StoreArgs, JobArgs {
  readonly id?: string | undefined;
  readonly dedupeKey?: string | undefined;
  readonly delayMs?: number | undefined;
  readonly json?: boolean | undefined;
}

export const queueEnqueueOptions = (y: Argv) =>
  jobOptions(storeOptions(y))
    .positional('flow', { type: 'string', demandOption: true, describe: 'What is to be executed' })
    .option('id', {
      type: 'string',
      describe: 'Id of the job and of its run; a second one with it is not taken in',
      requiresArg: true,
    })
    .option('dedupe-key', {
      type: 'string',
      describe: 'A second job with this key is not taken in for five minutes',
      requiresArg: true,
    })
    .option('delay-ms', { type: 'number', describe: 'Not before this time', requiresArg: true })
    .option('json', { type: 'boolean', describe: 'Print {id, duplicate, queue}' })
    .example('$0 queue enqueue s1_echo --payload \'{"text":" Hello "}\'', 'Add a job')
    .example('$0 queue enqueue s2_site --id site-1', 'Add it once, however often this is typed');

export async function queueEnqueue(args: QueueEnqueueArgs, io: CommandIo): Promise<ExitCode> {
  const { id, dedupeKey, delayMs } = args;
  if (delayMs !== undefined && (!Number.isSafeInteger(delayMs) || delayMs < 0)) {
    throw new UsageError('--delay-ms takes a whole number of at least 0.');
  }
  const job = {
    ...(await readJob(args, io)),
    ...(id === undefined ? {} : { id }),
    ...(dedupeKey === undefined ? {} : { dedupeKey }),
    ...(delayMs === undefined ? {} : { notBefore: Date.now() + delayMs }),
  };
  const [taken] = await withQueue(args, io, (queue) => queue.enqueue([job]), {});
  if (args.json === true) {
    io.out(`${JSON.stringify({ ...taken, queue: args.queue }, null, 2)}\n`);
    return EXIT.done;
  }
  io.out(`${taken!.id}\n`);
  if (taken!.duplicate) io.err('It was known before; nothing was added.\n');
  return EXIT.done;
}

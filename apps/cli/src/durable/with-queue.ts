// The queue that the command line names, for as long as a command takes.
import type { QueueBackend } from '@basalt/queue';
import { openQueue, type OpenStoreOptions, type StoreArgs } from '@basalt/queue-worker-app';
import type { CommandIo } from '../terminal/command-io.js';
import { withHostWords } from './host-words.js';

export async function withQueue<T>(
  args: StoreArgs,
  io: CommandIo,
  body: (queue: QueueBackend) => Promise<T>,
  options: OpenStoreOptions = { mustExist: true },
): Promise<T> {
  const queue = await withHostWords(() => openQueue(args, io, options));
  try {
    return await body(queue);
  } finally {
    await queue.close();
  }
}

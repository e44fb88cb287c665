// The journal and the queue of a host, as its command line names them.
import type { HttpHostOptions } from '@basalt/http-host';
import type { JournalStore } from '@basalt/journal';
import type { QueueBackend } from '@basalt/queue';
import { openJournal, openQueue, type HostOutside } from '@basalt/queue-worker-app';
import type { KeptArgs } from './kept-options.js';

export interface KeptStores {
  readonly journal: JournalStore | undefined;
  readonly queue: QueueBackend | undefined;
  readonly options: Pick<HttpHostOptions, 'journal' | 'queue' | 'enqueue'>;
  close(): Promise<void>;
}

const DEFAULT_FOLDER = '.flows';
const DEFAULT_QUEUE = 'flows';

/** Opens what is asked for: nothing, a journal, or a journal and a queue beside it.
 * @throws DiagnosticError, HostUsageError, MissingToolError */
export async function openKeptStores(args: KeptArgs, outside: HostOutside): Promise<KeptStores> {
  const { backend, url, enqueue = false, journal: dir = DEFAULT_FOLDER } = args;
  const queueName = args.queue ?? (enqueue ? DEFAULT_QUEUE : undefined);
  const isKept = (args.journal ?? queueName ?? url) !== undefined || backend !== 'embedded';
  if (!isKept) {
    return { journal: undefined, queue: undefined, options: {}, close: () => Promise.resolve() };
  }
  const journal = await openJournal({ backend, url, dir }, outside);
  try {
    const place = { backend, url, dir, queue: queueName ?? DEFAULT_QUEUE };
    const queue = queueName === undefined ? undefined : await openQueue(place, outside);
    const taken = { enqueue: enqueue ? 'always' : 'asked' } as const;
    return {
      journal,
      queue,
      options: { journal, ...(queue === undefined ? {} : { queue, ...taken }) },
      async close() {
        await queue?.close();
        await journal.close();
      },
    };
  } catch (error) {
    await journal.close();
    throw error;
  }
}

// Where jobs and journals are kept while processes are killed: a folder, or a Redis server.
import { openEmbeddedJournal, openRedisJournal, type JournalStore } from '@basalt/journal';
import { openEmbeddedQueue, openRedisQueue, type QueueBackend } from '@basalt/queue';

/** What a process is told, as JSON. */
export type CrashPlace =
  | { readonly backend: 'embedded'; readonly folder: string }
  | { readonly backend: 'redis'; readonly url: string };

export interface OpenPlace {
  readonly queue: QueueBackend;
  readonly journal: JournalStore;
  close(): Promise<void>;
}

const QUEUE = 'crash';
/** A dead owner in Redis is noticed after so long, in milliseconds. */
export const LEASE_MS = 1_500;

/** Opens both stores. */
export async function openPlace(
  place: CrashPlace,
  onFault: (fault: unknown) => void,
): Promise<OpenPlace> {
  const journal =
    place.backend === 'embedded'
      ? await openEmbeddedJournal(place.folder)
      : await openRedisJournal({ url: place.url, leaseMs: LEASE_MS });
  const queue =
    place.backend === 'embedded'
      ? await openEmbeddedQueue({ folder: place.folder, queue: QUEUE, onFault })
      : await openRedisQueue({ url: place.url, queue: QUEUE, onFault });
  return {
    queue,
    journal,
    async close() {
      await queue.close();
      await journal.close();
    },
  };
}

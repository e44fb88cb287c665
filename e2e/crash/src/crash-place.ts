// Where jobs and journals are kept while processes are killed: a folder, or a Redis server.
import { setTimeout as delay } from 'node:timers/promises';
import { DiagnosticError } from '@basalt/diagnostics';
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
  const opening =
    place.backend === 'embedded'
      ? openEmbeddedQueue({ folder: place.folder, queue: QUEUE, onFault })
      : openRedisQueue({ url: place.url, queue: QUEUE, onFault });
  const queue = await opening.catch(async (error: unknown) => {
    await journal.close();
    throw error;
  });
  return {
    queue,
    journal,
    async close() {
      await queue.close();
      await journal.close();
    },
  };
}

const UNREACHABLE: ReadonlySet<string> = new Set(['CAP130', 'QUE201']);
const PAUSE_MS = 50;

/** The same as soon as the server is there: a process may be started while that is dead. */
export async function openPlaceOnceThere(
  place: CrashPlace,
  onFault: (fault: unknown) => void,
): Promise<OpenPlace> {
  for (;;) {
    try {
      return await openPlace(place, onFault);
    } catch (error) {
      const code = error instanceof DiagnosticError ? error.diagnostic.code : '';
      if (!UNREACHABLE.has(code)) throw error;
      onFault(error);
      await delay(PAUSE_MS);
    }
  }
}

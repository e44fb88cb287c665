// Opens the queue and the journal of a case.
import { openEmbeddedJournal, openRedisJournal, type JournalStore } from '@basalt/journal';
import { openEmbeddedQueue, openRedisQueue, type QueueBackend } from '@basalt/queue';
import type { CasePlace } from './worker-messages.js';

/** A worker that shows no life for so long loses its deliveries and runs, in milliseconds. */
export const LEASE_MS = 1_500;
const QUEUE = 'certify';

export interface CaseStores {
  readonly queue: QueueBackend;
  readonly journal: JournalStore;
  close(): Promise<void>;
}

/** @param onFault told of what no caller waits for. */
export async function openCaseStores(
  place: CasePlace,
  onFault: (fault: unknown) => void = () => undefined,
): Promise<CaseStores> {
  const journal = await openJournal(place);
  const queue = await openQueue(place, onFault).catch(async (error: unknown) => {
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

function openJournal(place: CasePlace): Promise<JournalStore> {
  if (place.backend === 'embedded') {
    return openEmbeddedJournal(place.folder, { logBytes: 2 ** 18 });
  }
  const { url, password, name } = place;
  return openRedisJournal({ url, password, name, leaseMs: LEASE_MS, trustRestarts: true });
}

function openQueue(place: CasePlace, onFault: (fault: unknown) => void): Promise<QueueBackend> {
  if (place.backend === 'embedded') {
    return openEmbeddedQueue({ folder: place.folder, queue: QUEUE, onFault });
  }
  const { url, password, name } = place;
  return openRedisQueue({ url, password, queue: name, onFault });
}

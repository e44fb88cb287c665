// Where jobs and journals are kept while processes are killed: a folder, a Redis server, or Restate, which
// keeps its own journals.
import { setTimeout as delay } from 'node:timers/promises';
import { DiagnosticError } from '@basalt/diagnostics';
import { openEmbeddedJournal, openRedisJournal, type JournalStore } from '@basalt/journal';
import {
  openEmbeddedQueue,
  openRedisQueue,
  openRestateQueue,
  type QueueBackend,
} from '@basalt/queue';

/** What a process is told, as JSON. */
export type CrashPlace =
  | {
      readonly backend: 'embedded';
      readonly folder: string;
      /** Free space of the disk that is left to others, in bytes; what stores leave when absent. */
      readonly minFreeBytes?: number | undefined;
    }
  | { readonly backend: 'redis'; readonly url: string }
  | { readonly backend: 'restate'; readonly ingressUrl: string; readonly adminUrl: string };

export type Backend = CrashPlace['backend'];

export interface OpenPlace {
  readonly queue: QueueBackend;
  /** Undefined where runs are kept elsewhere. */
  readonly journal: JournalStore | undefined;
  close(): Promise<void>;
}

/** A place with a journal. */
export type JournaledPlace = OpenPlace & { readonly journal: JournalStore };

export const QUEUE = 'crash';
/** A dead owner in Redis is noticed after so long, in milliseconds. */
export const LEASE_MS = 1_500;

type OnFault = (fault: unknown) => void;

/** Opens both stores. */
export async function openPlace(place: CrashPlace, onFault: OnFault): Promise<OpenPlace> {
  if (place.backend !== 'restate') return openJournaledPlace(place, onFault);
  const { ingressUrl, adminUrl } = place;
  const queue = openRestateQueue({ queue: QUEUE, ingressUrl, adminUrl });
  return { queue, journal: undefined, close: () => queue.close() };
}

/** The same for a place that has both. */
export async function openJournaledPlace(
  place: Exclude<CrashPlace, { readonly backend: 'restate' }>,
  onFault: OnFault,
): Promise<JournaledPlace> {
  const journal =
    place.backend === 'embedded'
      ? await openEmbeddedJournal(place.folder, { minFreeBytes: place.minFreeBytes })
      : await openRedisJournal({ url: place.url, leaseMs: LEASE_MS });
  const opening =
    place.backend === 'embedded'
      ? openEmbeddedQueue({ ...place, queue: QUEUE, onFault })
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
export async function onceThere<T>(open: () => Promise<T>, onFault: OnFault): Promise<T> {
  for (;;) {
    try {
      return await open();
    } catch (error) {
      const code = error instanceof DiagnosticError ? error.diagnostic.code : '';
      if (!UNREACHABLE.has(code)) throw error;
      onFault(error);
      await delay(PAUSE_MS);
    }
  }
}

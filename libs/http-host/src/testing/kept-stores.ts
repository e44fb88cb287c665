// A journal and a queue in a folder of a test's own.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbeddedJournal, type JournalStore } from '@basalt/journal';
import { openEmbeddedQueue, type QueueBackend } from '@basalt/queue';

export interface KeptStores {
  readonly journal: JournalStore;
  readonly queue: QueueBackend;
  close(): Promise<void>;
}

/** Opens both; `close` removes the folder. */
export async function openKeptStores(): Promise<KeptStores> {
  const folder = await mkdtemp(join(tmpdir(), 'basalt-http-host-'));
  const journal = await openEmbeddedJournal(folder);
  const queue = await openEmbeddedQueue({ folder, queue: 'flows' });
  return {
    journal,
    queue,
    async close() {
      await queue.close();
      await journal.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

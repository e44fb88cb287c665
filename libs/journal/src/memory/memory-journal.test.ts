import { describeJournal } from '../../testing/journal-conformance.js';
import type { JournalStore } from '../journal-store.js';
import { memoryJournal } from './memory-journal.js';

describeJournal('memoryJournal', async () => {
  let store: JournalStore | undefined;
  return {
    open: async (options) => (store ??= memoryJournal(options)),
    cleanUp: async () => undefined,
  };
});

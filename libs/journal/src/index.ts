// Public API of @basalt/journal.

// What a store of journals does.
export type {
  DeliveredEvent,
  JournaledStatus,
  JournalFault,
  JournalStore,
  OwnedJournal,
  RunInfo,
  RunPage,
  RunQuery,
  RunStart,
} from './journal-store.js';

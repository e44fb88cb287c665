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

// In memory, for tests and development.
export { memoryJournal } from './memory/memory-journal.js';
export type { MemoryJournalOptions } from './memory/memory-journal.js';
export type { PrunePolicy } from './prune-policy.js';

// Embedded: one folder on a local disk.
export { openEmbeddedJournal } from './embedded/embedded-journal.js';
export type { EmbeddedJournalOptions } from './embedded/embedded-journal.js';
export { EMBEDDED_FORMAT } from './embedded/embedded-folder.js';

// In Redis, for runs that several machines execute.
export { openRedisJournal } from './redis/redis-journal.js';
export type { RedisJournalOptions } from './redis/redis-journal-options.js';

// Public API of @basalt/queue.

// What a queue carries and what a backend does.
export { DEFAULT_BACKOFF, DEFAULT_DEDUPE_TTL_MS, DEFAULT_MAX_ATTEMPTS } from './job.js';
export type {
  Backoff,
  DeadLetter,
  Delivery,
  DeliveryOutcome,
  Job,
  JobFault,
  NewJob,
} from './job.js';
export type {
  DeadLetterPage,
  Enqueued,
  JobState,
  QueueBackend,
  QueueStatus,
  QueueWorker,
  Schedule,
  WorkerOptions,
} from './queue-backend.js';

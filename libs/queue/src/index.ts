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

// What every backend does in the same way.
export { DEFAULT_MAX_JOB_BYTES, admitJob } from './admit-job.js';
export type { AdmittedJob } from './admit-job.js';
export { decodeJob, encodeJob } from './job-record.js';
export { retryDelay } from './retry-delay.js';
export { checkSchedule, jobOfTick, lastTick, nextTick } from './schedule-ticks.js';
export { checkQueueName } from './queue-name.js';
export { workerLimits } from './worker-limits.js';
export type { WorkerLimits } from './worker-limits.js';

// The queue in Redis.
export { openRedisQueue } from './redis/open-redis-queue.js';
export type { RedisQueueOptions } from './redis/redis-queue-options.js';

// The queue in a folder.
export { QUEUE_TABLE, listEmbeddedQueues, openEmbeddedQueue } from './embedded/embedded-queue.js';
export type { EmbeddedQueueOptions } from './embedded/embedded-queue.js';

// A worker that executes flows.
export { createFlowWorker } from './flow-worker/flow-worker.js';
export type { EndedDelivery, FlowWorkerOptions } from './flow-worker/flow-worker.js';
export type { QueuedFlow } from './flow-worker/queued-flow.js';

// Flows and their queue on Restate.
export { serveRestateFlows } from './restate/serve-restate-flows.js';
export type { RestateFlows, RestateFlowsOptions } from './restate/restate-flows.js';
export { openRestateQueue } from './restate/restate-queue.js';
export type { RestateQueueOptions } from './restate/restate-queue.js';
export type { RestateOptions } from './restate/restate-client.js';

// Public API of @basalt/queue-worker-app, for programs that have more to offer.

// A worker.
export { workFlows } from './work-flows.js';
export { workerLimitOptions, workerLimitsOf, workerOptions } from './worker-options.js';
export type { WorkerArgs } from './worker-options.js';
export { logDeliveries } from './log-deliveries.js';

// What every host program does.
export { HostUsageError } from './host-outside.js';
export type { HostOutside } from './host-outside.js';
export { addressOf } from './address-of.js';
export { openFlows } from './open-flows.js';
export type { FlowArgs, OpenedFlows, OpenFlow } from './open-flows.js';
export { runProgram } from './run-program.js';
export type { HostProgram } from './run-program.js';
export { shippedFlows } from './shipped-flows.js';

// Where queues and journals are kept.
export { STORES, storeOptions } from './store-options.js';
export type { JournalPlace, StoreArgs } from './store-options.js';
export { openJournal, openQueue } from './open-store.js';
export type { OpenStoreOptions } from './open-store.js';

// Public API of @basalt/executor.

// What front ends give to the executor.
export type {
  FlowBundle,
  InvocationMetadata,
  NodeContext,
  NodeHandler,
  NodeLog,
  NodeResult,
} from './node-handler.js';

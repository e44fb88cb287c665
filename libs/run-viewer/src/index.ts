// Public API of @basalt/run-viewer: where the built pages are, and what they and their server say to
// each other.

// The pages.
export { viewerDirectory } from './viewer-directory.js';

// The protocol.
export { CHANGE_HEADER } from './viewer-protocol.js';
export type {
  EdgeStatus,
  ErrorAnswer,
  Finding,
  FlowDetail,
  FlowEntry,
  FlowList,
  GraphEdge,
  GraphNode,
  GraphPicture,
  InvocationEntry,
  NodeInspection,
  NodeStateWord,
  NodeStatus,
  PayloadProblem,
  Permissions,
  RunCause,
  RunChange,
  RunCounts,
  RunDetail,
  RunEntry,
  RunEvent,
  RunPage,
  RunStatusWord,
  ShownJson,
  ShownValue,
  StartedRun,
  TriggerEntry,
} from './viewer-protocol.js';

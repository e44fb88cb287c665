// Public API of @basalt/validator.

// Validation.
export { DEFAULT_MAX_FINDINGS, validateFlow } from './validate-flow.js';
export { validateDocument, type ValidatedDocument } from './validate-document.js';
export type { TextPlace, ValidateOptions } from './validate-options.js';

// Rules.
export { specifiedRules } from './specified-rules.js';
export type { PathStep, Rule, RuleContext } from './rule.js';

// The flow as a graph.
export { buildFlowIndex } from './flow-index.js';
export type {
  EdgeGate,
  FlowIndex,
  IndexedEdge,
  IndexedNode,
  IndexedSurface,
  ReachOptions,
  ReachedNodes,
} from './flow-index.js';

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

// Effects, determinism and resource hints.
export {
  determinismRank,
  determinismReaches,
  effectsRank,
  effectsReach,
  joinDeterminism,
  joinEffects,
} from './lattice.js';
export { HINT_REGISTRY, lookupHint } from './hints/hint-registry.js';
export type { HintEntry } from './hints/hint-registry.js';
export { inferHints } from './hints/infer-hints.js';
export type { InferredHints } from './hints/infer-hints.js';
export { capabilitiesOf, hintsOf, preflightCapabilities } from './hints/node-capabilities.js';
export type { BindingsInfo, ProviderInfo } from './bindings-info.js';

// Structural compatibility of JSON Schemas.
export { isAccepted } from './schema-compat/is-accepted.js';
export type { Acceptance } from './schema-compat/is-accepted.js';
export { maxEncodedBytes } from './schema-compat/encoded-size.js';
export { isValidSchema } from './schema-compat/valid-schema.js';
export type { SchemaValidity } from './schema-compat/valid-schema.js';
export type { SchemaDefinitions } from './schema-compat/schema-node.js';
export { TRANSPORT_CAPS } from './transport-caps.js';
export type { TransportCap, TransportCaps } from './transport-caps.js';

// Policies.
export { parsePolicy } from './policy/parse-policy.js';
export type { ParsedPolicy } from './policy/parse-policy.js';
export { POLICY_SCHEMA } from './policy/policy-schema.js';
export type { AccessList, Policy, PolicyRule } from './policy/policy.js';
export { hostAllowed } from './policy/host-pattern.js';

// Public API of @basalt/ir.

// The flow document.
export {
  CACHE_TIERS,
  DATA_CLASSES,
  DELIVERIES,
  DETERMINISM,
  EFFECTS,
  FlowIRSchema,
  IDEMPOTENCY_SCOPES,
  NODE_KINDS,
  ON_DROP,
  ORDERINGS,
  PROFILES,
  RESPOND_MODES,
  RETRY_OWNERS,
  SURFACE_KINDS,
  TRIGGER_KINDS,
} from './flow-ir.js';
export type {
  ArtifactRef,
  BufferPolicy,
  CacheSpec,
  CheckpointIR,
  CompensationSpec,
  ConcurrencySpec,
  ControlSurfaceIR,
  Delivery,
  Determinism,
  EdgeIR,
  Effects,
  FlowIR,
  FlowPolicies,
  IdempotencySpec,
  JsonSchema,
  NodeIR,
  NodeKind,
  Ordering,
  Profile,
  RetryPolicy,
  SchemaRef,
  SourceSpan,
  SurfaceKind,
  TriggerSpec,
} from './flow-ir.js';

// The configuration of control surfaces.
export { SURFACE_CONFIGS } from './surface-configs.js';
export type {
  AwaitConfig,
  ErrorHandlerConfig,
  ForEachConfig,
  IfConfig,
  JoinConfig,
  LoopConfig,
  MergeConfig,
  PartitionConfig,
  RateLimitConfig,
  SwitchConfig,
  TimeoutConfig,
  WindowConfig,
  ZipConfig,
} from './surface-configs.js';

// Values.
export { checkValue, MAX_VALUE_DEPTH, valuesEqual } from './value.js';
export type { Value, ValueFault } from './value.js';
export { isPlainObject } from './plain-object.js';

// Pointers into values.
export {
  compilePointer,
  compileSelector,
  formatPointer,
  isPointer,
  parsePointer,
} from './pointer.js';
export type { Selector } from './pointer.js';

// Identifiers and versions.
export { DNS_NAMESPACE, FLOW_NAMESPACE, flowId, nodeId, surfaceId, uuid5 } from './ids.js';
export { isStrictSemver } from './semver.js';

// Loading flows.
export { loadFlow, MAX_SUBFLOW_DEPTH } from './load-flow.js';
export type { LoadedFlow, LoadOptions } from './load-flow.js';
export { duplicateKeys, firstSyntaxError, locateValues, measureJson } from './json-text.js';
export { normalizeFlow } from './normalize-flow.js';
export type { FlowInput, NodeInput } from './normalize-flow.js';
export type { JsonLimits } from './read-json.js';

// The canonical encoding of values, and their JSON form.
export { canonicalKeys, encodeCanonical } from './canonical-cbor.js';
export { decodeCanonical } from './canonical-decode.js';
export { valueFromJson, valueToJson } from './value-json.js';
export type { Json } from './value-json.js';

// Hashes and idempotency keys.
export { hashBytes, hashValue, idempotencyKey } from './blake3.js';
export type { IdempotencyParts } from './blake3.js';

// The format as JSON Schema.
export { flowSchemaDocument, surfacesSchemaDocument } from './schema-emit.js';

// Control surfaces, read by kind.
export { readSurfaceConfig } from './surface-reader.js';

// Comparing flows.
export { structuralHash } from './structural-hash.js';
export { diffFlows, verdictForExecution } from './diff-flows.js';
export type { DiffOptions, FlowChange, FlowDiff } from './diff-flows.js';
export type { Verdict } from './diff-rules.js';
export { formatDiff } from './diff-text.js';

// Pictures.
export { flowPicture } from './flow-picture.js';
export type { FlowPicture, PictureEdge, PictureNode } from './flow-picture.js';
export { exportDot } from './export-dot.js';
export { exportMermaid } from './export-mermaid.js';
export { exportSvg, MAX_PICTURE_PARTS } from './export-svg.js';
export { showFlow } from './show-flow.js';

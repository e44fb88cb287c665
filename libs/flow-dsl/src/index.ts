// Public API of @basalt/flow-dsl.

// Authoring.
export { defineFlow } from './define-flow.js';
export type { FlowOptions } from './define-flow.js';
export { FlowBuilder } from './flow-builder.js';
export type { Captured, Cases, Gathered } from './flow-builder.js';
export { isFlow } from './flow-brand.js';
export type { AnyFlow, Flow } from './flow-brand.js';

// Schemas.
export { t } from './t.js';
export type { Failure, Resumed, SchemaExtensions, TOpaque, Windowed } from './t.js';
export type { Static } from 'typebox';

// Nodes and edges.
export { via } from './flow-node.js';
export type { FlowNode, InputOf, OutputOf, Source, Target, TriggerNode } from './flow-node.js';
export type { EdgeOptions } from './edge-options.js';
export type { At, ItemAt, PointerTo, SelectorOf } from './pointer.js';
export type {
  CacheOptions,
  CapabilityOfHint,
  CommonOptions,
  CompensateOptions,
  ConcurrencyOptions,
  FlowParams,
  Granted,
  Handler,
  HandlerContext,
  HandlerResult,
  Hint,
  IdempotencyOptions,
  NodeOptions,
  NoParams,
  ParamsOptions,
  Received,
  RetryOptions,
  SubflowOptions,
  TriggerOptions,
  TriggerStart,
} from './node-options.js';

// Control surfaces.
export type {
  AwaitOptions,
  ErrorHandlerOptions,
  ForEachBody,
  ForEachOptions,
  JoinOptions,
  LoopOptions,
  MergeOptions,
  NodeHandle,
  RateLimitOptions,
  TimeoutOptions,
  WindowOptions,
  ZipOptions,
} from './surface-options.js';

// Answers over HTTP.
export { respondWith } from './respond-with.js';
export type { HttpAnswer } from './respond-with.js';

// From the document back to the source.
export { authoredLocation } from './authored-location.js';
export { registerSourceMap } from './source-maps.js';

// The scan of handler bodies.
export { checkBodies } from './check-bodies.js';
export type { CheckBodiesOptions } from './check-bodies.js';

// A flow value: a bundle that every copy of this package recognises.
import type { FlowBundle } from '@basalt/executor';
import type { TSchema } from 'typebox';
import type { DefinitionSite } from './definition-site.js';
import type { HandlerRecord } from './flow-draft.js';

const FLOW = Symbol.for('basalt.flow');

declare const shape: unique symbol;

/** What the DSL knows of a flow beyond its document. */
export interface FlowBrand {
  /** Handler key -> the function and where it was given. */
  readonly handlers: ReadonlyMap<string, HandlerRecord>;
  /** Pointer into the document -> where its author wrote that part. */
  readonly sites: ReadonlyMap<string, DefinitionSite>;
  /** The ports that the flow has as a node; undefined where it has not exactly one trigger. */
  readonly input: TSchema | undefined;
  readonly output: TSchema | undefined;
}

/** A flow: its document, its handlers, and the types of its trigger and its answer. */
export interface Flow<In, Out> extends FlowBundle {
  readonly [shape]: (input: In) => Out;
}

/** A flow of any type. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type AnyFlow = Flow<any, any>;

/** Makes a flow value. */
export function brandFlow<In, Out>(bundle: FlowBundle, brand: FlowBrand): Flow<In, Out> {
  const flow = { ...bundle };
  Object.defineProperty(flow, FLOW, { value: Object.freeze(brand), enumerable: false });
  return Object.freeze(flow) as Flow<In, Out>;
}

/** True for flows made by `defineFlow`, of this or another copy of the package. */
export function isFlow(value: unknown): value is AnyFlow {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, FLOW);
}

/** What `defineFlow` noted; undefined for bundles of another origin. */
export function flowBrand(bundle: FlowBundle): FlowBrand | undefined {
  return isFlow(bundle) ? (bundle as unknown as { [FLOW]: FlowBrand })[FLOW] : undefined;
}

// A node as the author holds it: its alias, and the types of its ports, which exist for the compiler
// only.
import type { EdgeOptions } from './edge-options.js';

declare const input: unique symbol;
declare const output: unique symbol;

/** Something whose output may travel: a node of the flow. */
export interface Source<Out> {
  readonly alias: string;
  readonly [output]: () => Out;
}

/** Something that takes messages: a node of the flow. */
export interface Target<In> {
  readonly alias: string;
  readonly [input]: (message: In) => void;
}

/** A node of a flow. */
export interface FlowNode<Alias extends string, In, Out> extends Source<Out>, Target<In> {
  readonly alias: Alias;
}

/** A trigger: a node that starts executions and that no edge may enter. */
export interface TriggerNode<Alias extends string, Out> extends Source<Out> {
  readonly alias: Alias;
}

/** The output type of a node. */
export type OutputOf<N> = N extends Source<infer Out> ? Out : never;

/** The input type of a node. */
export type InputOf<N> = N extends Target<infer In> ? In : never;

const settings = new WeakMap<object, EdgeOptions>();
const originals = new WeakMap<object, object>();

/** The same node, with the settings of the edge by which a surface reaches it:
 * `f.if(charge, '/ok', { then: via(respond, { maxItems: 4 }), else: refund })`. */
export function via<N extends Source<unknown> | Target<never>>(node: N, options: EdgeOptions): N {
  const handle = Object.freeze(Object.assign({}, node));
  settings.set(handle, options);
  originals.set(handle, originalNode(node));
  return handle;
}

/** The settings given with `via`. */
export function viaOptions(node: object): EdgeOptions | undefined {
  return settings.get(node);
}

/** The node that `via` was given. */
export function originalNode(node: object): object {
  return originals.get(node) ?? node;
}

// The vocabulary of `defineFlow`: its methods, and the types that keep a wrong edge from compiling.
import { diagnostic } from '@basalt/diagnostics';
import type { Static, TSchema } from 'typebox';
import * as surfaces from './control-surfaces.js';
import { siteOfCaller } from './definition-site.js';
import type { EdgeOptions } from './edge-options.js';
import type { Flow } from './flow-brand.js';
import type { FlowDraft } from './flow-draft.js';
import type { FlowNode, InputOf, OutputOf, Source, Target, TriggerNode } from './flow-node.js';
import { declareNode, type LooseNodeOptions } from './node-definition.js';
import type {
  ConcurrencyOptions,
  FlowParams,
  Hint,
  NoParams,
  NodeOptions,
  SubflowOptions,
  TriggerOptions,
} from './node-options.js';
import type { At, ItemAt, PointerTo, SelectorOf } from './pointer.js';
import { declareSubflow } from './subflow.js';
import type {
  AwaitOptions,
  ErrorHandlerOptions,
  ForEachOptions,
  JoinOptions,
  LoopOptions,
  MergeOptions,
  RateLimitOptions,
  TimeoutOptions,
  WindowOptions,
  ZipOptions,
} from './surface-options.js';
import type { Failure, Resumed, TOpaque, Windowed } from './t.js';

type AnySource = Source<unknown>;
type AnyTarget = Target<never>;
// Opaque ports fit everything, as they do in the document.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Open = TOpaque<any>;

/** {alias: value}: what a join or a zip hands to its target. */
export type Gathered<S extends readonly AnySource[]> = {
  [N in S[number] as N['alias']]: OutputOf<N>;
};

/** The words that a switch may name: the literals of its selected text, else any text. */
export type Cases<Selected, Out> = {
  readonly [Word in Selected extends string ? Selected : string]?: Target<Out>;
};

/** What `f.capture` gives: the types of the flow as a whole. Return it from the function given to
 * `defineFlow`, and the flow can be used as a typed subflow. */
export interface Captured<In, Out> {
  readonly trigger: string;
  readonly capture: string;
  readonly types?: (input: In) => Out;
}

type OneOrMore<N> = N | readonly N[];
type Each<N> = N extends readonly (infer One)[] ? One : N;

/** Declares the nodes, edges and control surfaces of one flow. */
export class FlowBuilder<Params extends FlowParams = NoParams> {
  readonly #draft: FlowDraft;

  constructor(draft: FlowDraft) {
    this.#draft = draft;
  }

  /** What starts an execution. Without `run`, it hands the payload on as it came. */
  trigger<
    const A extends string,
    O extends TSchema = Open,
    I extends TSchema = O,
    const U extends readonly Hint[] = readonly [],
    P extends TSchema = NoParams,
    const S extends string = never,
  >(alias: A, options: TriggerOptions<I, O, U, P, S, Params> = {}): TriggerNode<A, Static<O>> {
    this.#draft.enter(siteOfCaller(this.trigger));
    const given = options as LooseNodeOptions;
    const loose = { ...given, input: given.input ?? given.output };
    const defaults = { kind: 'trigger', effects: 'read_only', determinism: 'strict' } as const;
    return declareNode(this.#draft, alias, loose, defaults) as never;
  }

  /** A function that runs where the execution runs: cheap, and pure unless it says otherwise. */
  inline<
    const A extends string,
    I extends TSchema = Open,
    O extends TSchema = Open,
    const U extends readonly Hint[] = readonly [],
    P extends TSchema = NoParams,
    const S extends string = never,
    const C extends ConcurrencyOptions = { readonly max: number },
  >(alias: A, options: NodeOptions<I, O, U, P, S, C, Params>): FlowNode<A, Static<I>, Static<O>> {
    this.#draft.enter(siteOfCaller(this.inline));
    const defaults = { kind: 'inline' } as const;
    return declareNode(this.#draft, alias, options as LooseNodeOptions, defaults) as never;
  }

  /** A function that touches the world: retried, timed and, where journaled, run once. */
  activity<
    const A extends string,
    I extends TSchema = Open,
    O extends TSchema = Open,
    const U extends readonly Hint[] = readonly [],
    P extends TSchema = NoParams,
    const S extends string = never,
    const C extends ConcurrencyOptions = { readonly max: number },
  >(alias: A, options: NodeOptions<I, O, U, P, S, C, Params>): FlowNode<A, Static<I>, Static<O>> {
    this.#draft.enter(siteOfCaller(this.activity));
    const given = options as LooseNodeOptions;
    const unsaid = given.uses === undefined;
    const defaults = unsaid
      ? ({ kind: 'activity', effects: 'effectful', determinism: 'best_effort' } as const)
      : ({ kind: 'activity' } as const);
    return declareNode(this.#draft, alias, given, defaults) as never;
  }

  /** Another flow as one node: its trigger's input in, its capture's output out. */
  subflow<const A extends string, In, Out>(
    alias: A,
    flow: Flow<In, Out>,
    options: SubflowOptions<In> = {},
  ): FlowNode<A, In, Out> {
    this.#draft.enter(siteOfCaller(this.subflow));
    return declareSubflow(this.#draft, alias, flow, options) as never;
  }

  /** An edge: what leaves `from` goes to `to`. */
  connect<In>(
    from: Source<NoInfer<In>>,
    to: Target<In>,
    options: EdgeOptions<SelectorOf<In>> = {},
  ): void {
    const draft = this.#draft;
    draft.enter(siteOfCaller(this.connect));
    const source = draft.aliasOf(from, 'source');
    const target = draft.aliasOf(to, 'target');
    if (source !== undefined && target !== undefined) draft.connect(source, target, options);
  }

  /** Routes each output of `from`: `then` where the selector is true, `else` where it is false. */
  if<Out>(
    from: Source<Out>,
    selector: PointerTo<NoInfer<Out>, boolean>,
    branches: { readonly then: Target<NoInfer<Out>>; readonly else: Target<NoInfer<Out>> },
  ): void {
    this.#draft.enter(siteOfCaller(this.if));
    surfaces.addIf(this.#draft, from, selector, branches);
  }

  /** Routes each output of `from` to the case that the selected text names. */
  switch<Out, const P extends PointerTo<Out, string>>(
    from: Source<Out>,
    selector: P,
    cases: Cases<At<NoInfer<Out>, NoInfer<P>>, NoInfer<Out>>,
    options: { readonly default?: Target<NoInfer<Out>> } = {},
  ): void {
    this.#draft.enter(siteOfCaller(this.switch));
    surfaces.addSwitch(this.#draft, from, selector, cases, options.default);
  }

  /** Sends each item of the selected list through a body. */
  forEach<Out, const P extends PointerTo<Out, readonly unknown[]>, Result>(
    from: Source<Out>,
    items: P,
    options: ForEachOptions<
      Target<ItemAt<NoInfer<Out>, NoInfer<P>>>,
      Source<Result>,
      Target<NoInfer<Result>[]>
    >,
  ): void {
    this.#draft.enter(siteOfCaller(this.forEach));
    surfaces.addForEach(this.#draft, from, items, options);
  }

  /** Sends each output of `from` back to `body` while the selector is true, then to `exit`. */
  loop<Out>(
    from: Source<Out>,
    selector: PointerTo<NoInfer<Out>, boolean>,
    options: LoopOptions<Target<NoInfer<Out>>, Target<NoInfer<Out>>>,
  ): void {
    this.#draft.enter(siteOfCaller(this.loop));
    surfaces.addLoop(this.#draft, from, selector, options);
  }

  /** Groups the outputs of `from` by event time (milliseconds, at the pointer) for `to`. */
  window<Out>(
    from: Source<Out>,
    to: Target<Windowed<NoInfer<Out>>>,
    eventTime: PointerTo<NoInfer<Out>, number>,
    options: WindowOptions<SelectorOf<NoInfer<Out>>, Target<NoInfer<Out>>>,
  ): void {
    this.#draft.enter(siteOfCaller(this.window));
    surfaces.addWindow(this.#draft, from, to, eventTime, options);
  }

  /** Fires `to` once with {alias: value} when every source has put one out. */
  join<const S extends readonly AnySource[], const M extends 'all' | 'available' = 'all'>(
    sources: S,
    to: Target<M extends 'all' ? Gathered<NoInfer<S>> : Partial<Gathered<NoInfer<S>>>>,
    options: JoinOptions<M> = {},
  ): void {
    this.#draft.enter(siteOfCaller(this.join));
    surfaces.addJoin(this.#draft, sources, to, options);
  }

  /** Passes the outputs of all sources on to `to`. */
  merge<In>(
    sources: readonly Source<NoInfer<In>>[],
    to: Target<In>,
    options: MergeOptions = {},
  ): void {
    this.#draft.enter(siteOfCaller(this.merge));
    surfaces.addMerge(this.#draft, sources, to, options);
  }

  /** Pairs the n-th output of each source: `to` gets {alias: value}. */
  zip<const S extends readonly AnySource[]>(
    sources: S,
    to: Target<Gathered<NoInfer<S>>>,
    options: ZipOptions = {},
  ): void {
    this.#draft.enter(siteOfCaller(this.zip));
    surfaces.addZip(this.#draft, sources, to, options);
  }

  /** Holds each output of `from` until an event with its correlation key arrives. */
  await<Out, E extends TSchema = Open>(
    from: Source<Out>,
    to: Target<Resumed<Static<NoInfer<E>>, NoInfer<Out>>>,
    options: AwaitOptions<E, Target<{ readonly input: NoInfer<Out> }>, SelectorOf<NoInfer<Out>>>,
  ): void {
    this.#draft.enter(siteOfCaller(this.await));
    surfaces.addAwait(this.#draft, from, to, options);
  }

  /** Lets at most `qps` messages a second reach the node, and `burst` at once. */
  rateLimit(node: AnyTarget, options: RateLimitOptions): void {
    this.#draft.enter(siteOfCaller(this.rateLimit));
    surfaces.addRateLimit(this.#draft, node, options);
  }

  /** Limits each attempt of some nodes; with `handler`, a timeout goes there as {error, input}. */
  timeout<const N extends OneOrMore<AnyTarget>>(
    nodes: N,
    options: TimeoutOptions<Target<Failure<InputOf<Each<NoInfer<N>>>>>>,
  ): void {
    this.#draft.enter(siteOfCaller(this.timeout));
    surfaces.addTimeout(this.#draft, asList(nodes), options);
  }

  /** Says what happens when one of some nodes fails; `handler` gets {error, input}. */
  errorHandler<const N extends OneOrMore<AnyTarget>>(
    nodes: N,
    options: ErrorHandlerOptions<Target<Failure<InputOf<Each<NoInfer<N>>>>>>,
  ): void {
    this.#draft.enter(siteOfCaller(this.errorHandler));
    surfaces.addErrorHandler(this.#draft, asList(nodes), options);
  }

  /** Keeps the order of messages with equal keys on an edge that exists. */
  partition<In>(from: Source<NoInfer<In>>, to: Target<In>, key: SelectorOf<NoInfer<In>>): void {
    this.#draft.enter(siteOfCaller(this.partition));
    surfaces.addPartition(this.#draft, from, to, key);
  }

  /** A point of the flow from which an execution may resume, with words for people. */
  checkpoint(id: string, summary?: string): void {
    this.#draft.enter(siteOfCaller(this.checkpoint));
    this.#draft.addCheckpoint(id, summary);
  }

  /** The output of `node` answers whoever started `trigger`. */
  capture<In, Out>(trigger: TriggerNode<string, In>, node: Source<Out>): Captured<In, Out> {
    const draft = this.#draft;
    draft.enter(siteOfCaller(this.capture));
    const [start, end] = [draft.aliasOf(trigger, 'trigger'), draft.aliasOf(node, 'capture')];
    if (start === undefined || end === undefined) return { trigger: '', capture: '' };
    const owner = `Trigger ${start}`;
    const known = draft.captures.get(start);
    if (draft.nodes.get(start)?.fields.kind !== 'trigger') {
      const problem = `Node ${start} is no trigger, so nothing waits for its answer`;
      draft.report(diagnostic.AUTH009({ owner: 'Capture', problem }, draft.location));
    } else if (known !== undefined) {
      const problem = `it is answered by ${known} and by ${end}; one node answers`;
      draft.report(diagnostic.AUTH009({ owner, problem }, draft.location));
    }
    draft.captures.set(start, end);
    return { trigger: start, capture: end };
  }
}

function asList<N>(nodes: OneOrMore<N>): readonly N[] {
  return Array.isArray(nodes) ? (nodes as readonly N[]) : [nodes as N];
}

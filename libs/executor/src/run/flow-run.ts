// One execution: the scheduler and what it shares. It is single-threaded and driven by events: nodes
// with something to do stand in one queue, and each turn starts one message of one node. Nothing here
// waits; whatever comes back later calls `drain` again.
import type { Diagnostic } from '@basalt/diagnostics';
import type { CapabilitySet, Clock, Rng, SeededRng } from '@basalt/capabilities';
import type { Value } from '@basalt/ir';
import type { DurableRun } from '../durable/durable-run.js';
import type { RecordedUndo } from '../durable/run-journal.js';
import { AwaitedEvents } from './awaited-events.js';
import type { Capture } from './capture.js';
import { CompletionLog } from './completion-log.js';
import { installTrap, releaseTrap } from '../determinism/determinism-trap.js';
import { EdgeRun, type Sender } from './edge-run.js';
import type { EdgePlan, ExecPlan, NodePlan } from '../plan/exec-plan.js';
import { Failures } from './failure.js';
import type { HostOptions, Invoke, RunSources } from './host-options.js';
import type { Invocation } from './invocation.js';
import { Message } from './message.js';
import type { InvocationMetadata, NodeLog } from '../node-handler.js';
import { NodeRun } from './node-run.js';
import { NodeServices } from './node-services.js';
import { Preparation } from './preparation.js';
import { RunEnding } from './run-ending.js';
import {
  guardedObserver,
  type DropReason,
  type ObservedRun,
  type RunObserver,
} from '../observe/run-observer.js';
import { LazySet } from '../structures/lazy-set.js';
import { RunTimers } from './run-timers.js';
import { releaseScope, Scope } from './scope.js';

/** Messages that are started before timers and I/O of the process get a turn. */
const STEPS_PER_TURN = 512;

export interface FlowRunInit {
  readonly plan: ExecPlan;
  readonly invoke: Invoke;
  readonly host: HostOptions;
  readonly sources: RunSources;
  readonly trigger: NodePlan | undefined;
  readonly capture: NodePlan | undefined;
  readonly parent: FlowRun | undefined;
  /** Alias of the node of the parent that this is the execution of; empty for the outermost. */
  readonly calledBy: string;
  readonly durable: DurableRun | undefined;
  /** Scope of the execution in the journal; empty for the outermost. */
  readonly scopeKey: string;
}

export class FlowRun implements ObservedRun {
  readonly plan: ExecPlan;
  readonly host: HostOptions;
  readonly invoke: Invoke;
  readonly trigger: NodePlan | undefined;
  readonly captureNode: NodePlan | undefined;
  readonly parent: FlowRun | undefined;
  readonly calledBy: string;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly sources: RunSources;
  readonly observer: RunObserver | undefined;
  /** Keeps the journal; shared with the executions of subflows. */
  readonly durable: DurableRun | undefined;
  readonly timers: RunTimers;
  readonly failures: Failures;
  readonly root = new Scope(undefined, -1, undefined);
  readonly nodes: (NodeRun | undefined)[];
  readonly edges: (EdgeRun | undefined)[];
  /** The invocation whose handler or output is being dealt with in this very step. */
  current: Invocation | undefined = undefined;
  /** Invocations whose promise or stream is pending. */
  readonly following = new LazySet<Invocation>();
  readonly completions: CompletionLog;
  /** Executions of subflows under way. */
  readonly children = new LazySet<FlowRun>();
  readonly ending: RunEnding;
  readonly awaited: AwaitedEvents;
  readonly startedAt: number;
  /** The last reading: where one handler ends the next begins, which saves every other reading. */
  lastTick = 0;
  /** Handlers must take time and chance from their context only. */
  readonly traps: boolean;
  capture!: Capture;
  /** A scope was given up: messages have to be looked at before they are started. */
  anyDropped = false;
  /** Calls that come back and are no handler's: spilling, loading, caches, deduplication. */
  calls = 0;
  #readyHead: NodeRun | undefined = undefined;
  #readyTail: NodeRun | undefined = undefined;
  #draining = false;
  #drainPlanned = false;
  #steps = 0;
  readonly #afterTurn: (() => void)[] = [];
  #begun = false;
  #seq = 0;
  #id: string | undefined;
  #metadata: InvocationMetadata | undefined = undefined;
  #services: NodeServices | undefined = undefined;
  #preparation: Preparation | undefined = undefined;
  #drainQueued = false;

  constructor(init: FlowRunInit) {
    this.plan = init.plan;
    this.host = init.host;
    this.invoke = init.invoke;
    this.trigger = init.trigger;
    this.captureNode = init.capture;
    this.parent = init.parent;
    this.calledBy = init.calledBy;
    this.durable = init.durable;
    this.sources = init.sources;
    this.clock = init.sources.clock;
    this.rng = init.sources.rng;
    this.startedAt = this.tick();
    this.traps = init.sources.virtual !== undefined;
    this.timers = new RunTimers(this.clock, this);
    this.failures = new Failures(this);
    this.ending = new RunEnding(this);
    this.completions = new CompletionLog(this);
    this.awaited = new AwaitedEvents(this);
    this.nodes = new Array<NodeRun | undefined>(init.plan.nodes.length);
    this.edges = new Array<EdgeRun | undefined>(init.plan.edges.length);
    this.#id = init.invoke.runId ?? init.durable?.journal.runId;
    this.root.key = init.scopeKey;
    this.observer =
      init.host.observer === undefined
        ? undefined
        : guardedObserver(init.host.observer, observerThrew);
  }

  get id(): string {
    return (this.#id ??= this.rng.uuid());
  }

  /** It may have been started before under this id, and then have left something. */
  get isNamed(): boolean {
    return this.durable !== undefined || this.invoke.runId !== undefined;
  }

  get flow(): string {
    return this.plan.ir.id;
  }

  get flowName(): string {
    return this.plan.ir.name;
  }

  /** The subflows that this execution is in, from the outermost. */
  get within(): RecordedUndo['within'] {
    const { parent } = this;
    if (parent === undefined) return [];
    return [...parent.within, { alias: this.calledBy, scope: this.root.key }];
  }

  get parentId(): string | undefined {
    return this.parent?.id;
  }

  now(): number {
    return this.clock.now();
  }

  countActive(): number {
    let active = 0;
    for (const node of this.nodes) if (node !== undefined) active += node.active;
    return active;
  }

  eachDepth(visit: (edge: string, depth: number) => void): void {
    for (const { index, label } of this.plan.edges) visit(label, this.edges[index]?.count ?? 0);
  }

  eachEnded(visit: (alias: string, invocations: number, ms: number) => void): void {
    for (const node of this.nodes) {
      if (node === undefined || node.invocations === 0) continue;
      visit(node.plan.alias, node.invocations, node.busyMs);
    }
  }

  /** Reads the time that durations are measured with, in milliseconds. */
  tick(): number {
    const { virtual } = this.sources;
    return (this.lastTick = virtual === undefined ? performance.now() : virtual.clock.now());
  }

  get metadata(): InvocationMetadata {
    return (this.#metadata ??= this.services.metadata());
  }

  get services(): NodeServices {
    return (this.#services ??= new NodeServices(this));
  }

  get preparation(): Preparation {
    return (this.#preparation ??= new Preparation(this));
  }

  /** True once the outcome is decided and what is left is being stopped. */
  get isStopping(): boolean {
    return this.ending.begun;
  }

  // The queue of nodes.

  node(index: number): NodeRun {
    return (this.nodes[index] ??= new NodeRun(this, this.plan.nodes[index]!));
  }

  edge(plan: EdgePlan): EdgeRun {
    return (this.edges[plan.index] ??= new EdgeRun(this, plan, this.node(plan.to)));
  }

  enqueue(node: NodeRun): void {
    node.queued = true;
    if (this.#readyTail === undefined) this.#readyHead = node;
    else this.#readyTail.nextReady = node;
    this.#readyTail = node;
  }

  /** Hands the payload to the trigger. */
  begin(): void {
    if (this.traps) installTrap();
    this.#begun = true;
    this.observer?.runStarted?.(this, this.invoke.payload);
    this.root.live += 1;
    this.node(this.trigger!.index).push(new Message(this.invoke.payload, this.root, undefined));
    this.drain(true);
  }

  /** Lets every node that can do something do it, then looks whether this is the end.
   * @param justTicked the time was read in this step of the event loop. */
  drain(justTicked = false): void {
    if (this.#draining || this.isStopping || this.#drainPlanned) return;
    this.#draining = true;
    if (!justTicked) this.tick();
    let node = this.#readyHead;
    while (node !== undefined && !this.isStopping) {
      if (this.#steps >= STEPS_PER_TURN) {
        this.#draining = false;
        this.#planTurn();
        return;
      }
      this.#steps += 1;
      this.#readyHead = node.nextReady;
      if (this.#readyHead === undefined) this.#readyTail = undefined;
      node.nextReady = undefined;
      node.queued = false;
      node.step();
      node = this.#readyHead;
    }
    this.#draining = false;
    if (!this.isStopping) this.#rest();
  }

  /** Drains once the code that runs now has returned. */
  drainSoon(): void {
    if (this.#draining || this.#drainPlanned || this.isStopping || this.#drainQueued) return;
    this.#drainQueued = true;
    queueMicrotask(() => {
      this.#drainQueued = false;
      this.drain();
    });
  }

  /** True where nothing moves, or will move by itself; invocations may be pending. */
  get isIdle(): boolean {
    if (this.#readyHead !== undefined || this.#drainPlanned || this.#drainQueued) return false;
    return this.calls === 0 && this.timers.holding === 0 && !this.capture.isHeld;
  }

  /** Counts one step of work that is none of the queue's; true where it is time for a turn. */
  spend(): boolean {
    this.#steps += 1;
    return this.#steps >= STEPS_PER_TURN;
  }

  /** Calls back when timers and I/O of the process have had their turn. */
  afterTurn(then: () => void): void {
    this.#afterTurn.push(then);
    if (!this.#drainPlanned) this.#planTurn();
  }

  #planTurn(): void {
    const { virtual } = this.sources;
    this.#drainPlanned = true;
    virtual?.turnPlanned();
    nextTurn(() => {
      this.#drainPlanned = false;
      virtual?.turnCame();
      this.#steps = 0;
      for (const then of this.#afterTurn.splice(0)) then();
      this.drain();
    });
  }

  /** Nothing can be started. Something may still come back; otherwise what surfaces hold is asked
   * for, upstream first, and when they have nothing either the execution has ended. */
  #rest(): void {
    if (this.#drainPlanned) return;
    if (this.following.size > 0 || this.calls > 0 || this.timers.holding > 0) {
      if (this.children.size > 0 && this.ending.park()) return;
      this.sources.virtual?.whenIdle();
      return;
    }
    if (this.capture.isHeld) return;
    if (this.durable !== undefined && this.#drainArrivals()) return;
    if (this.awaited.size > 0) {
      this.awaited.suspended();
      return;
    }
    for (const plan of this.plan.holding) {
      const node = this.nodes[plan.index];
      if (node === undefined) continue;
      if (node.intake?.drain() || node.batch?.drain()) {
        this.drain(true);
        return;
      }
      if (this.isStopping) return;
    }
    this.ending.complete();
  }

  #drainArrivals(): boolean {
    for (const plan of this.plan.holding) {
      if (!this.nodes[plan.index]?.arrivals?.drain()) continue;
      this.drain(true);
      return true;
    }
    return false;
  }

  // Messages.

  /** Sends one output of an invocation where the flow says. */
  output(from: Invocation, value: Value, scope: Scope): void {
    const { plan } = from.node;
    if (plan.invalidates !== undefined) this.preparation.wrote(plan.invalidates);
    for (const router of plan.routers) router.route(this, from, value, scope);
    for (const edge of plan.outputs) this.send(edge, value, scope, from);
    if (plan === this.captureNode) {
      this.observer?.captured?.(this, plan.alias, value);
      this.capture.offer(value, from);
    }
  }

  send(edge: EdgePlan, value: Value, scope: Scope, sender: Sender): void {
    scope.live += 1;
    this.edge(edge).offer(new Message(value, scope, edge), sender);
  }

  /** The message is done with: its scope, and those of its parts, may close. */
  release(message: Message): void {
    if (this.isStopping) return;
    const parts = message.extra?.parts;
    if (parts !== undefined) for (const part of parts) this.release(part);
    const { scope } = message;
    if (scope.parent === undefined) scope.live -= 1;
    else releaseScope(scope);
  }

  /** Throws a message away that has not been started. */
  discard(message: Message): void {
    this.release(message);
  }

  drop(alias: string, reason: DropReason, value: Value): void {
    this.ending.countDrop();
    this.observer?.dropped?.(this, alias, reason, value);
  }

  // Invocations.

  nextSeq(): number {
    return (this.#seq += 1);
  }

  childRng(label: string): Rng {
    return 'child' in this.rng ? (this.rng as SeededRng).child(label) : this.rng;
  }

  /** What the preparation of messages has left to put in order; undefined where it was not needed. */
  get leftovers(): Preparation | undefined {
    const mayHave =
      this.#begun && this.isNamed && this.plan.spilling.length > 0
        ? this.preparation
        : this.#preparation;
    return mayHave?.hasLeftovers ? mayHave : undefined;
  }

  prepare(invocation: Invocation): void {
    this.preparation.begin(invocation);
  }

  /** Starts an attempt whose message is ready. */
  start(invocation: Invocation): void {
    if (this.durable === undefined) invocation.start();
    else this.durable.start(invocation);
  }

  /** A call of the executor's own (spill, cache, deduplication) begins. */
  callBegan(): void {
    this.calls += 1;
    this.sources.virtual?.turnPlanned();
  }

  callEnded(): void {
    this.calls -= 1;
    this.sources.virtual?.turnCame();
  }

  /** The promise or stream of a handler is pending. */
  began(invocation: Invocation): void {
    this.following.add(invocation);
  }

  gone(invocation: Invocation): void {
    this.following.delete(invocation);
    if (this.isStopping) this.ending.checkQuiet();
  }

  /** The invocation has put out what it had to. */
  completed(invocation: Invocation, output: Value | undefined): void {
    const { plan } = invocation.node;
    this.durable?.completed(invocation, output);
    if (!plan.direct) this.preparation.completed(invocation, output);
    if (this.plan.hasCompensation) this.completions.add(invocation, output);
    if (plan.ir.checkpoint !== undefined) {
      this.observer?.checkpoint?.(this, plan.ir.checkpoint, plan.alias, output ?? null);
    }
    invocation.end('ok', output);
  }

  /** What a failed attempt has reserved is given back, so that a repeat is not taken for a duplicate. */
  forgetDelivery(invocation: Invocation): void {
    this.durable?.ledger.release(invocation);
    if (!invocation.node.plan.direct) this.preparation.failed(invocation);
  }

  checkOutputSize(invocation: Invocation, value: Value): void {
    this.services.checkOutputSize(invocation.node.plan, value);
  }

  capabilitiesOf(invocation: Invocation): CapabilitySet {
    const random = this.durable?.randomOf(invocation);
    return this.services.capabilitiesOf(invocation.node.plan, random);
  }

  logOf(plan: NodePlan): NodeLog {
    return this.services.logOf(plan);
  }

  randomOf(plan: NodePlan): Rng {
    return this.services.randomOf(plan);
  }

  idempotencyKeyOf(plan: NodePlan, input: Value, message: Message): string | undefined {
    return plan.idempotent ? this.services.idempotencyKey(plan, input, message) : undefined;
  }

  secret(plan: NodePlan, name: string): Promise<string> {
    return this.services.secret(plan, name);
  }

  // The end.

  fail(cause: Diagnostic): void {
    this.ending.fail(cause);
  }

  /** The execution is over: what it had put in place is taken away. */
  end(): void {
    this.timers.stop();
    if (!this.traps || !this.#begun) return;
    releaseTrap();
    if (this.parent === undefined) this.sources.virtual!.stop();
  }

  /** Empties every queue. */
  clear(): void {
    this.#readyHead = undefined;
    this.#readyTail = undefined;
    for (const node of this.nodes) node?.clear();
  }
}

function observerThrew(run: ObservedRun, method: string, error: unknown): void {
  (run as FlowRun).ending.observerThrew(method, error);
}

// Taken once: a deterministic run traps the global inside handlers, never here.
const nextTurn = setImmediate;

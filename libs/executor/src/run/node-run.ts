// One node in one execution: its queue of messages, what is active, and what it may start next.
import { ArrivalOrder } from '../durable/arrival-order.js';
import type { Sender } from './edge-run.js';
import type { Intake, NodePlan } from '../plan/exec-plan.js';
import type { FlowRun } from './flow-run.js';
import { Invocation } from './invocation.js';
import type { Message } from './message.js';
import { RingBuffer } from '../structures/ring-buffer.js';
import { BatchIntake } from './batch-intake.js';
import { OrderedOutlet } from './ordered-outlet.js';
import { PartitionLanes } from './partition-lanes.js';
import { RateGate } from './rate-gate.js';
import { isDropped } from './scope.js';

export class NodeRun implements Sender {
  /** Invocations that were begun and have not ended. */
  active = 0;
  /** Outputs that wait for a place; nothing is started meanwhile. */
  heldOutputs = 0;
  /** In the ready queue. */
  queued = false;
  nextReady: NodeRun | undefined = undefined;

  invocations = 0;
  busyMs = 0;
  errors: Map<string, number> | undefined = undefined;

  readonly intake: Intake | undefined;
  readonly batch: BatchIntake | undefined;
  readonly outlet: OrderedOutlet | undefined;
  readonly lanes: PartitionLanes | undefined;
  readonly rate: RateGate | undefined;
  /** Keeps the order at the entry, where there is one and a journal. */
  readonly arrivals: ArrivalOrder | undefined;
  // Most queues never hold more than one message: the first has its own place.
  #first: Message | undefined = undefined;
  #rest: RingBuffer<Message> | undefined = undefined;
  /** Inputs that passed the intake, and messages that come back in a loop: taken before all others. */
  #admitted: RingBuffer<Message> | undefined = undefined;

  constructor(
    readonly run: FlowRun,
    readonly plan: NodePlan,
  ) {
    this.batch = plan.batch > 0 ? new BatchIntake(run, this) : undefined;
    this.intake = plan.intake?.start(run, this);
    const parallel = plan.maxActive > 1;
    this.lanes =
      parallel && plan.inputs.some((edge) => edge.partition !== undefined)
        ? new PartitionLanes()
        : undefined;
    this.outlet =
      parallel && plan.inputs.some((edge) => edge.ordered && edge.partition === undefined)
        ? new OrderedOutlet()
        : undefined;
    this.arrivals =
      run.durable !== undefined && (this.batch !== undefined || this.intake !== undefined)
        ? new ArrivalOrder(run.durable, this)
        : undefined;
    this.rate = plan.rateLimits.length > 0 ? new RateGate(run, this) : undefined;
  }

  /** Something that the node itself sends (not one of its invocations) waits for a place. */
  held(): void {
    this.heldOutputs += 1;
  }

  released(): void {
    this.heldOutputs -= 1;
    if (this.heldOutputs === 0) this.wake();
  }

  /** A message has reached the node. */
  push(message: Message): void {
    if (this.#first === undefined) this.#first = message;
    else (this.#rest ??= new RingBuffer()).push(message);
    if (!this.queued) this.wake();
  }

  /** An input that goes straight to the handler, before everything that waits. */
  admit(input: Message): void {
    (this.#admitted ??= new RingBuffer()).push(input);
    this.wake();
  }

  /** Hands a message to the surface or the batch at the entry. */
  letIn(message: Message): void {
    if (message.edge?.intake !== undefined) this.intake!.accept(message);
    else this.batch!.accept(message);
  }

  /** The time of a scope was over at the entry. */
  expire(scopeKey: string): void {
    if (this.intake?.expire !== undefined) this.intake.expire(scopeKey);
    else this.batch?.expire();
  }

  /** Looks whether something can be started, and queues the node if so. */
  wake(): void {
    if (this.queued || this.heldOutputs > 0 || this.active >= this.plan.maxActive) return;
    if (this.#first === undefined && !this.#hasAdmitted()) {
      if (this.lanes === undefined || !this.lanes.hasFree) return;
    }
    if (this.rate?.waits) return;
    this.run.enqueue(this);
  }

  /** Starts one message, if there is one that may start. */
  step(): void {
    if (this.heldOutputs > 0 || this.active >= this.plan.maxActive) return;
    if (this.rate !== undefined && !this.rate.pass()) return;
    const message = this.#next();
    if (message !== undefined) {
      this.rate?.spend();
      this.#begin(message);
    }
    this.wake();
  }

  countError(kind: string): void {
    this.run.observer?.failed?.(this.run, this.plan.alias, kind);
    this.errors ??= new Map();
    this.errors.set(kind, (this.errors.get(kind) ?? 0) + 1);
  }

  /** Forgets the messages that have not been taken. */
  clear(): void {
    this.#first = undefined;
    this.#rest = undefined;
    this.#admitted = undefined;
  }

  /** The oldest message on one edge, marked dead; undefined where there is none. */
  dropOldest(edge: number): Message | undefined {
    const kept: Message[] = [];
    let oldest: Message | undefined;
    for (let next = this.#shift(); next !== undefined; next = this.#shift()) {
      if (oldest === undefined && !next.dead && next.edge?.index === edge) oldest = next;
      else kept.push(next);
    }
    for (const message of kept) {
      if (this.#first === undefined) this.#first = message;
      else this.#rest!.push(message);
    }
    if (oldest !== undefined) oldest.dead = true;
    return oldest;
  }

  #hasAdmitted(): boolean {
    return this.#admitted !== undefined && this.#admitted.length > 0;
  }

  #shift(): Message | undefined {
    const message = this.#first;
    if (message !== undefined) this.#first = this.#rest?.shift();
    return message;
  }

  #next(): Message | undefined {
    if (this.#hasAdmitted()) return this.#admitted!.shift();
    const { run, lanes } = this;
    for (;;) {
      const message = lanes === undefined ? this.#shift() : lanes.next(() => this.#shift());
      if (message === undefined) return undefined;
      if (message.dead) continue;
      this.#depart(message);
      const dropped = run.anyDropped && isDropped(message.scope);
      if (!dropped && message.edge?.intake === undefined && this.batch === undefined) {
        return message;
      }
      lanes?.done(message);
      if (dropped) run.discard(message);
      else if (this.arrivals !== undefined) this.arrivals.accept(message);
      else this.letIn(message);
      if (this.#hasAdmitted()) return this.#admitted!.shift();
    }
  }

  #depart(message: Message): void {
    const { edge, extra } = message;
    if (extra?.timer !== undefined) this.run.timers.cancel(extra.timer);
    // A spilled message takes no place on its edge.
    if (message.onEdge) this.run.edges[edge!.index]!.leave();
  }

  #begin(message: Message): void {
    this.active += 1;
    const invocation = new Invocation(this.run, this, message, 1);
    if (this.outlet !== undefined && message.edge?.partition === undefined) {
      if (message.edge === undefined || message.edge.ordered) this.outlet.join(invocation);
    }
    const { run } = this;
    if (this.plan.direct && message.extra === undefined && run.durable === undefined) {
      invocation.start();
    } else run.prepare(invocation);
  }
}

// One edge in one execution: how many messages wait on it, and which outputs wait for a place.
import { diagnostic } from '@basalt/diagnostics';
import type { EdgePlan } from '../plan/exec-plan.js';
import type { FlowRun } from './flow-run.js';
import type { Message } from './message.js';
import type { NodeRun } from './node-run.js';
import { offerSpecial } from './offer-special.js';
import { RingBuffer } from '../structures/ring-buffer.js';

/** Who sends: told when an output has to wait for a place, and when it has got one. */
export interface Sender {
  held(): void;
  released(): void;
}

/** An edge that was full for longer is reported, in milliseconds; once an execution. */
const STALL_MS = 10_000;

interface Waiting {
  readonly message: Message;
  readonly sender: Sender;
}

export class EdgeRun {
  /** Messages on the edge. */
  count = 0;
  /** Messages that were put out and wait for a place, oldest first. */
  #waiting: RingBuffer<Waiting> | undefined = undefined;
  #fullSince = 0;
  #reported = false;
  #spilled = false;

  constructor(
    readonly run: FlowRun,
    readonly plan: EdgePlan,
    readonly target: NodeRun,
  ) {}

  get waiting(): number {
    return this.#waiting === undefined ? 0 : this.#waiting.length;
  }

  get isFull(): boolean {
    return this.count >= this.plan.capacity || this.waiting > 0;
  }

  /** Puts the message on the edge, or makes it and its sender wait. */
  offer(message: Message, sender: Sender): void {
    if (!this.plan.simple) offerSpecial(this, message, sender);
    else if (this.isFull) this.hold(message, sender);
    else this.enter(message);
  }

  enter(message: Message): void {
    this.count += 1;
    message.onEdge = true;
    this.run.observer?.edgeDepth?.(this.run, this.plan, this.count);
    this.target.push(message);
  }

  hold(message: Message, sender: Sender): void {
    this.#waiting ??= new RingBuffer();
    if (this.#waiting.length === 0) this.#fullSince = this.run.lastTick;
    this.#waiting.push({ message, sender });
    sender.held();
  }

  /** A message has left: the place is given to the one that waits longest. */
  leave(): void {
    this.count -= 1;
    this.run.observer?.edgeDepth?.(this.run, this.plan, this.count);
    const waiting = this.#waiting;
    while (waiting !== undefined && waiting.length > 0 && this.count < this.plan.capacity) {
      const { message, sender } = waiting.shift()!;
      if (!message.dead) this.enter(message);
      sender.released();
      if (waiting.length === 0) this.#reportStall();
    }
  }

  /** True once: what follows would be reported again and again. */
  firstSpill(): boolean {
    const first = !this.#spilled;
    this.#spilled = true;
    return first;
  }

  #reportStall(): void {
    const { run, plan } = this;
    const stalled_ms = Math.round(run.lastTick - this.#fullSince);
    if (stalled_ms < STALL_MS || this.#reported) return;
    this.#reported = true;
    const edge = `The edge ${plan.label}`;
    run.ending.note(diagnostic.RUN030({ edge, stalled_ms, node: plan.ir.to }));
  }
}

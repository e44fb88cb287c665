// One attempt of one node on one message. It is the context that the handler gets, so that an attempt
// costs one object; whatever is rarely asked for is made when it is.
import { diagnostic, DiagnosticError } from '@basalt/diagnostics';
import type { CapabilitySet, Clock, Rng } from '@basalt/capabilities';
import { checkValue, type Value, type ValueFault } from '@basalt/ir';
import type { Sender } from './edge-run.js';
import { errorOf, type Failure } from './failure.js';
import { runTrapped } from '../determinism/determinism-trap.js';
import type { FlowRun } from './flow-run.js';
import type { Message } from './message.js';
import type { InvocationMetadata, NodeContext, NodeLog } from '../node-handler.js';
import type { NodeRun } from './node-run.js';
import type { DurableStepState } from '../durable/durable-step.js';
import type { OrderedOutlet } from './ordered-outlet.js';
import type { RunTimer } from './run-timers.js';
import { releaseScope, Scope } from './scope.js';
import { StreamPump } from './stream-pump.js';

/** Emitted values that may wait for a place before a handler that does not await them is failed. */
export const MAX_UNAWAITED_EMITS = 1_024;

interface Kept {
  readonly value: Value;
  readonly scope: Scope;
}

export class Invocation implements NodeContext, Sender {
  /** No output is accepted any more: it has ended, timed out or was given up. */
  ended = false;
  emitted = 0;
  seq = 0;
  ms = 0;
  outlet: OrderedOutlet | undefined = undefined;
  /** What the journal knows of it; undefined without one. */
  step: DurableStepState | undefined = undefined;
  /** The value handed to the handler: the message's, unless it had to be loaded first. */
  input: Value;
  #held = 0;
  /** The outcome is known, though its turn may not have come. */
  #decided = false;
  #following = false;
  #startedAt = 0;
  #kept: Kept[] | undefined = undefined;
  #atTurn: (() => void) | undefined = undefined;
  #free: { promise: Promise<void>; resolve: () => void; reject: (e: unknown) => void } | undefined;
  #controller: AbortController | undefined = undefined;
  #abortReason: unknown = undefined;
  #timer: RunTimer | undefined = undefined;
  #pump: StreamPump | undefined = undefined;

  constructor(
    readonly run: FlowRun,
    readonly node: NodeRun,
    readonly message: Message,
    readonly attempt: number,
  ) {
    this.input = message.value;
  }

  // What handlers see. Functions are handed out bound, so that a handler may take them apart.

  get runId(): string {
    return this.run.id;
  }
  get alias(): string {
    return this.node.plan.alias;
  }
  get metadata(): InvocationMetadata {
    return this.run.metadata;
  }
  get clock(): Clock {
    return this.run.clock;
  }
  get random(): Rng {
    return this.run.durable?.randomOf(this) ?? this.run.randomOf(this.node.plan);
  }
  get params(): Readonly<Record<string, Value>> {
    return this.node.plan.params;
  }
  get capabilities(): CapabilitySet {
    return this.run.capabilitiesOf(this);
  }
  get log(): NodeLog {
    return this.run.logOf(this.node.plan);
  }
  get idempotencyKey(): string | undefined {
    return this.run.idempotencyKeyOf(this.node.plan, this.input, this.message);
  }
  get secret(): (name: string) => Promise<string> {
    return (name) => this.run.secret(this.node.plan, name);
  }
  get emit(): (value: Value) => void | Promise<void> {
    return (value) => this.#emit(value);
  }
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#abortReason !== undefined) this.#controller.abort(this.#abortReason);
    }
    return this.#controller.signal;
  }

  /** True where the journal gives the result and the handler is not called. */
  get reused(): boolean {
    return this.step !== undefined && this.step.answered;
  }

  /** Outputs of this invocation that wait for a place. */
  get heldCount(): number {
    return this.#held;
  }

  /** True while a promise or a stream of the handler is pending. */
  get isFollowing(): boolean {
    return this.#following;
  }

  held(): void {
    this.#held += 1;
    this.node.heldOutputs += 1;
  }

  released(): void {
    this.#held -= 1;
    this.node.heldOutputs -= 1;
    if (this.#held === 0) this.#freed();
    if (this.node.heldOutputs === 0) this.node.wake();
  }

  /** Runs the handler. */
  start(): void {
    const { run } = this;
    const outer = run.current;
    run.current = this;
    this.seq = run.nextSeq();
    this.#startedAt = run.lastTick;
    run.observer?.nodeStarted?.(run, this);
    // Whoever watches may have cancelled the execution.
    if (run.isStopping) this.end('cancelled', undefined);
    else this.#call();
    run.current = outer;
  }

  #call(): void {
    const { run, node, step } = this;
    const { timeoutMs } = node.plan;
    const handler = step?.handler ?? node.plan.handler;
    if (timeoutMs > 0 && !this.reused)
      this.#timer = run.timers.set(timeoutMs, () => this.#timedOut());
    let result: unknown;
    try {
      result = run.traps
        ? runTrapped(this.alias, () => handler!(this.input, this))
        : handler!(this.input, this);
      if (typeof result === 'object' && result !== null) {
        if (typeof (result as PromiseLike<unknown>).then === 'function') {
          this.#follow(result as PromiseLike<unknown>);
          return;
        }
      }
    } catch (error) {
      this.failed(errorOf(error, this));
      return;
    }
    this.returned(result);
  }

  /** Takes what the handler gave: a value, nothing, or a stream. */
  returned(result: unknown): void {
    if (this.ended || this.#decided) return;
    if (this.run.isStopping) {
      this.run.durable?.completedLate(this, result);
      this.end('cancelled', undefined);
      return;
    }
    if (typeof result === 'object' && result !== null && Symbol.asyncIterator in result) {
      this.#pump = new StreamPump(this, result as AsyncIterable<unknown>);
      this.#pump.next();
      return;
    }
    this.#decided = true;
    if (this.outlet !== undefined && !this.outlet.isTurn(this)) {
      this.#stopTimer();
      this.#atTurn = () => this.#finish(result);
      return;
    }
    this.#finish(result);
  }

  /** The attempt has failed: at its turn, what is left is up to the node's rules. */
  failed(failure: Failure): void {
    if (this.ended || this.#decided) return;
    this.#decided = true;
    this.#stopTimer();
    if (this.outlet !== undefined && !this.outlet.isTurn(this) && !this.run.isStopping) {
      this.#atTurn = () => this.run.failures.handle(this, failure);
      return;
    }
    this.run.failures.handle(this, failure);
  }

  /** Sends one item in a scope of its own. */
  putItem(given: Value): void {
    const { step } = this;
    const value = step === undefined ? given : this.run.durable!.emitting(this, given);
    this.emitted += 1;
    this.run.observer?.emitted?.(this.run, this, value);
    const scope = new Scope(this.message.scope, this.node.plan.index, undefined);
    if (step !== undefined) scope.key = `${step.key}/e${this.emitted}`;
    scope.live += 1;
    if (this.outlet !== undefined && !this.outlet.isTurn(this)) {
      (this.#kept ??= []).push({ value, scope });
      this.held();
      return;
    }
    try {
      this.run.output(this, value, scope);
    } finally {
      releaseScope(scope);
    }
  }

  /** Every earlier invocation of an ordered edge has ended. */
  turnCame(): void {
    if (this.ended) return;
    const kept = this.#kept;
    this.#kept = undefined;
    for (const { value, scope } of kept ?? []) {
      try {
        this.run.output(this, value, scope);
      } catch (error) {
        this.run.failures.handle(this, errorOf(error, this, 'routing_failed'));
      }
      releaseScope(scope);
      this.released();
    }
    const then = this.#atTurn;
    this.#atTurn = undefined;
    then?.();
  }

  /** Ends the attempt and gives back its place. `keepsPlace`: another attempt follows. */
  end(outcome: 'ok' | 'failed' | 'timeout' | 'cancelled', output: Value | undefined): void {
    const { run, node, message } = this;
    if (!this.close(outcome, output)) return;
    node.invocations += 1;
    node.active -= 1;
    this.outlet?.leave(this);
    node.lanes?.done(message);
    run.release(message);
    node.wake();
  }

  /** Ends the attempt only: its place, its turn and its message stay for the next one. */
  close(outcome: 'ok' | 'failed' | 'timeout' | 'cancelled', output: Value | undefined): boolean {
    if (this.ended) return false;
    this.ended = true;
    const { run, node } = this;
    this.#stopTimer();
    const { invalidates } = node.plan;
    // With an output this was done before the output was sent.
    if (invalidates !== undefined && output === undefined) run.preparation.wrote(invalidates);
    this.ms = run.tick() - this.#startedAt;
    run.observer?.nodeEnded?.(run, this, outcome, output);
    node.busyMs += this.ms;
    return true;
  }

  /** Tells the handler to stop. Its promise or stream is still waited for by a cancellation. */
  abort(reason: unknown): void {
    this.#abortReason = reason;
    this.#controller?.abort(reason);
    this.#free?.reject(reason);
    this.#free = undefined;
    this.#pump?.stop();
  }

  /** Settles when everything that this invocation has put out has found a place. */
  whenFree(): Promise<void> {
    if (this.#free === undefined) {
      let resolve!: () => void;
      let reject!: (error: unknown) => void;
      const promise = new Promise<void>((yes, no) => {
        resolve = yes;
        reject = no;
      });
      // A handler that does not await it must not bring the process down.
      promise.catch(() => undefined);
      this.#free = { promise, resolve, reject };
      if (this.#abortReason !== undefined) reject(this.#abortReason);
    }
    return this.#free.promise;
  }

  /** The promise or stream of the handler begins, or has come to its end. */
  following(on: boolean): void {
    if (this.#following === on) return;
    this.#following = on;
    if (on) this.run.began(this);
    else this.run.gone(this);
  }

  #follow(result: PromiseLike<unknown>): void {
    this.following(true);
    const promise =
      result instanceof Promise ? (result as Promise<unknown>) : Promise.resolve(result);
    promise.then(
      (value) => this.#settled(() => this.returned(value)),
      (error: unknown) => this.#settled(() => this.failed(errorOf(error, this))),
    );
  }

  /** The promise of the handler has settled; `then` deals with what it gave. */
  #settled(then: () => void): void {
    const { run } = this;
    const outer = run.current;
    run.current = this;
    this.following(false);
    then();
    run.current = outer;
    run.drain(true);
  }

  #finish(result: unknown): void {
    if (result === undefined) {
      this.run.completed(this, undefined);
      return;
    }
    const { run, node, message } = this;
    if (result !== this.input) {
      const fault = checkValue(result);
      if (fault !== undefined) {
        run.failures.handle(this, nonValue(this, fault));
        return;
      }
    }
    const value = result as Value;
    try {
      if (node.plan.maxOutputBytes < Infinity) run.checkOutputSize(this, value);
      run.output(this, value, message.scope);
    } catch (error) {
      run.failures.handle(this, errorOf(error, this, 'routing_failed'));
      return;
    }
    run.completed(this, value);
  }

  #emit(value: Value): void | Promise<void> {
    const { run } = this;
    // Thrown, so that a loop which only emits comes to its end.
    if (this.#abortReason !== undefined) throw this.#abortReason;
    if (this.ended || this.#decided) return run.ending.lateEmit(this);
    const fault = checkValue(value);
    if (fault !== undefined) throw new DiagnosticError([nonValue(this, fault).diagnostic]);
    if (this.#held >= MAX_UNAWAITED_EMITS) {
      const flood = diagnostic.RUN104({ node: this.alias, count: this.#held });
      this.failed({
        kind: 'emit_flood',
        diagnostic: flood,
        reason: flood.message,
        retriable: false,
      });
      throw new DiagnosticError([flood]);
    }
    this.putItem(value);
    run.drainSoon();
    if (this.#held > 0) return this.whenFree();
    return run.spend() ? new Promise((resolve) => run.afterTurn(resolve)) : undefined;
  }

  #freed(): void {
    this.#free?.resolve();
    this.#free = undefined;
    this.#pump?.freed();
  }

  #timedOut(): void {
    this.#timer = undefined;
    if (this.ended || this.#decided) return;
    const { plan } = this.node;
    const what = `Node ${plan.alias}, attempt ${this.attempt},`;
    const late = diagnostic.TIME015({ what, timeout_ms: plan.timeoutMs });
    this.abort(new DiagnosticError([late]));
    // The handler may go on; nobody waits for it, and what it puts out is ignored.
    this.following(false);
    this.failed({ kind: 'timeout', diagnostic: late, reason: late.message, retriable: true });
  }

  #stopTimer(): void {
    if (this.#timer === undefined) return;
    this.run.timers.cancel(this.#timer);
    this.#timer = undefined;
  }
}

/** The failure of a handler that gave something which is no Value. */
export function nonValue(invocation: Invocation, { path, reason }: ValueFault): Failure {
  const place = path === '' ? 'the top' : path;
  const found = diagnostic.RUN102({ node: invocation.alias, place, reason });
  return { kind: 'not_a_value', diagnostic: found, reason: found.message, retriable: false };
}

// What is done about an attempt that has failed, in this order: another attempt, the handler of a
// timeout or an error, dropping the message, skipping the item of a for_each, and last the failure of
// the whole execution.
import { diagnostic, DiagnosticError, type Diagnostic } from '@basalt/diagnostics';
import type { Value } from '@basalt/ir';
import { RecordedFailure } from '../durable/recorded-answer.js';
import type { Sender } from './edge-run.js';
import type { FlowRun } from './flow-run.js';
import { Invocation } from './invocation.js';
import type { Message } from './message.js';
import type { NodeRun } from './node-run.js';
import { retryDelayMs } from '../recovery/retry-schedule.js';
import { skippableItem } from '../surfaces/for-each.js';
import type { Scope } from './scope.js';

/** A failed attempt. `kind` is what metrics count it under. */
export interface Failure {
  readonly kind: string;
  readonly diagnostic: Diagnostic;
  /** What went wrong, in the words of whoever noticed it. */
  readonly reason: string;
  /** False where another attempt would fail in the same way, or do harm. */
  readonly retriable: boolean;
  readonly cause?: unknown;
}

/** The failure behind anything that was thrown. */
export function errorOf(error: unknown, at: Invocation, kind = 'handler_error'): Failure {
  if (error instanceof RecordedFailure) return error.failure;
  const retriable = kind === 'handler_error';
  if (error instanceof DiagnosticError) {
    const found = error.diagnostic;
    return { kind, diagnostic: found, reason: found.message, retriable, cause: error };
  }
  const reason = describeThrown(error);
  const found = diagnostic.RUN101({ node: at.alias, attempt: at.attempt, reason });
  return { kind, diagnostic: found, reason, retriable, cause: error };
}

/** Anything may be thrown, also things that cannot be printed. */
export function describeThrown(error: unknown): string {
  try {
    if (error instanceof Error) return error.message === '' ? error.name : error.message;
    if (typeof error === 'object' && error !== null && 'message' in error) {
      return String(error.message);
    }
    return `${String(error)} was thrown, which is not an Error`;
  } catch {
    return 'something was thrown that cannot be printed';
  }
}

/** The rules for failed attempts of one execution. */
export class Failures {
  readonly #run: FlowRun;

  constructor(run: FlowRun) {
    this.#run = run;
  }

  handle(at: Invocation, failure: Failure): void {
    const run = this.#run;
    at.node.countError(failure.kind);
    const outcome = failure.kind === 'timeout' ? 'timeout' : 'failed';
    if (run.isStopping) {
      at.end('cancelled', undefined);
      return;
    }
    if (this.#tryAgain(at, failure, outcome)) return;
    run.durable?.failed(at, failure, undefined);
    run.forgetDelivery(at);
    if (this.#absorb(at.node, at.message, errorValue(at, failure), failure.kind, at)) {
      at.end(outcome, undefined);
      return;
    }
    at.close(outcome, undefined);
    at.node.invocations += 1;
    run.fail(failure.diagnostic);
  }

  /** Starts another attempt as soon as the rate limits of its node let it. */
  startAgain(next: Invocation): void {
    const run = this.#run;
    const wait = next.node.rate?.reserve() ?? 0;
    if (wait > 0) run.timers.set(wait, () => run.start(next));
    else run.start(next);
  }

  /** A message that its node was never begun for: it came too late, or a surface cannot read it. */
  handleUndelivered(node: NodeRun, message: Message, cause: Diagnostic, kind: string): void {
    node.countError(kind);
    const input = message.value;
    const error = { code: cause.code, message: cause.message, node: node.plan.alias, attempt: 0 };
    if (this.#absorb(node, message, { error, input }, kind, node)) this.#run.discard(message);
    else this.#run.fail(cause);
  }

  /** Gives up the item of the nearest for_each that skips failed items; false where there is none. */
  skipItem(scope: Scope): boolean {
    const item = skippableItem(scope);
    if (item === undefined) return false;
    item.dropped = true;
    for (const holder of [...(item.holders ?? [])]) holder.scopeDropped(item);
    this.#run.anyDropped = true;
    this.#run.drop('', 'skipped', null);
    return true;
  }

  #tryAgain(at: Invocation, failure: Failure, outcome: 'failed' | 'timeout'): boolean {
    const run = this.#run;
    const { plan } = at.node;
    const policy = plan.retry;
    if (policy === undefined || !failure.retriable || at.attempt >= policy.max_attempts) {
      return false;
    }
    // What has been sent cannot be called back: another attempt would send it twice.
    if (at.emitted > 0 || at.message.edge?.delivery === 'at_most_once') return false;
    const random = run.durable?.randomOf(at, 'retry') ?? run.rng;
    const delay = retryDelayMs(policy, at.attempt, random);
    run.durable?.failed(at, failure, run.now() + delay);
    run.observer?.retried?.(run, at, delay);
    at.close(outcome, undefined);
    const next = new Invocation(run, at.node, at.message, at.attempt + 1);
    next.input = at.input;
    next.step = at.step;
    at.outlet?.replace(at, next);
    run.timers.set(delay, () => this.startAgain(next));
    return true;
  }

  /** Sends the error to its handler, drops the message or gives up its item; false where the failure
   * is the execution's. */
  #absorb(node: NodeRun, message: Message, value: Value, kind: string, sender: Sender): boolean {
    const run = this.#run;
    const { onTimeout, onError, alias } = node.plan;
    const handler = kind === 'timeout' && onTimeout !== undefined ? onTimeout : onError.handler;
    if (handler !== undefined) {
      run.send(handler, value, message.scope, sender);
      return true;
    }
    if (onError.strategy === 'continue') {
      run.drop(alias, 'handled', message.value);
      return true;
    }
    return this.skipItem(message.scope);
  }
}

/** What an error handler gets. */
export function errorValue(at: Invocation, failure: Failure): Value {
  return {
    error: {
      code: failure.diagnostic.code,
      message: failure.reason,
      node: at.alias,
      attempt: at.attempt,
    },
    input: at.input,
  };
}

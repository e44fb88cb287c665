// Compares a flow that is executed again with the journal of its first execution. Nodes that have to
// give the same for the same are called and compared; all others are answered from the journal.
import { valuesEqual, type Value } from '@basalt/ir';
import type { NodePlan } from '../plan/exec-plan.js';
import type { Failure } from '../run/failure.js';
import type { Invocation } from '../run/invocation.js';
import type { PastInvocation } from './run-history.js';

/** The first difference between an execution and its journal. */
export interface Divergence {
  /** Alias of the node; empty for the execution as a whole. */
  readonly node: string;
  /** The invocation; empty for the execution as a whole. */
  readonly key: string;
  /** What differs: "its result", "value 2 of what it sends", "its failure", "its input", "the result". */
  readonly where: string;
  /** What is recorded; undefined where nothing is. */
  readonly expected: Value | undefined;
  readonly got: Value | undefined;
}

/** What to do about an invocation of a replay. */
export type ReplayStep = 'call' | 'answer' | 'leave';

export class ReplayWatch {
  divergence: Divergence | undefined = undefined;
  /** Something was reached that the first execution did not come to. */
  reachedEnd = false;
  called = 0;
  answered = 0;
  readonly #isComplete: boolean;

  /** @param isComplete the first execution has an outcome */
  constructor(isComplete: boolean) {
    this.#isComplete = isComplete;
  }

  decide(invocation: Invocation, past: PastInvocation | undefined): ReplayStep {
    const { alias, step, input, node } = invocation;
    if (past === undefined && this.#isComplete && node.plan.subflow === undefined) {
      const key = step!.key;
      this.#differ({ node: alias, key, where: 'its input', expected: undefined, got: input });
      return 'leave';
    }
    if (node.plan.subflow !== undefined && past?.failure === undefined) return 'call';
    const isOver = past?.result !== undefined || past?.failure?.retryAt === undefined;
    if (past === undefined || !isOver || (past.result ?? past.failure) === undefined) {
      this.reachedEnd = true;
      return 'leave';
    }
    const isCalled = isExact(node.plan);
    if (isCalled) this.called += 1;
    else this.answered += 1;
    return isCalled ? 'call' : 'answer';
  }

  sent({ alias, step, emitted: index, node }: Invocation, value: Value): void {
    if (!isExact(node.plan)) return;
    const expected = step!.emittedAt(index)?.value;
    if (expected !== undefined && valuesEqual(expected, value)) return;
    const where = `value ${index + 1} of what it sends`;
    this.#differ({ node: alias, key: step!.key, where, expected, got: value });
  }

  completed({ alias, step, emitted, node }: Invocation, output: Value | undefined): void {
    const { past, key, answered } = step!;
    if (past === undefined || answered || !isExact(node.plan)) return;
    if (past.emitted.length > emitted) {
      const where = `value ${emitted + 1} of what it sends`;
      const expected = past.emitted[emitted]!.value;
      this.#differ({ node: alias, key, where, expected, got: undefined });
      return;
    }
    const expected = past.result?.output;
    const isFailure = past.result === undefined;
    if (!isFailure && same(expected, output)) return;
    const what = isFailure ? past.failure!.reason : expected;
    const where = isFailure ? 'its failure' : 'its result';
    this.#differ({ node: alias, key, where, expected: what, got: output });
  }

  failed({ alias, step, node }: Invocation, { reason }: Failure): void {
    const { past, key, answered } = step!;
    if (past === undefined || answered || !isExact(node.plan)) return;
    const expected = past.result === undefined ? past.failure?.reason : past.result.output;
    if (past.result === undefined && expected === reason) return;
    this.#differ({ node: alias, key, where: 'its failure', expected, got: reason });
  }

  #differ(divergence: Divergence): void {
    this.divergence ??= divergence;
  }
}

/** Declared to depend on its input alone. */
function isExact({ ir, subflow }: NodePlan): boolean {
  return subflow === undefined && ir.effects === 'pure' && ir.determinism === 'strict';
}

/** Also where there is no value. */
export function same(a: Value | undefined, b: Value | undefined): boolean {
  return a === undefined || b === undefined ? a === b : valuesEqual(a, b);
}

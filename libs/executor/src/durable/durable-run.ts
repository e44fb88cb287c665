// One durable execution, subflows included: which invocation is which, what is recorded of each, what
// is repeated from the journal in place of a handler, and what has to be on disk before the execution
// may act.
//
// Results of nodes that change nothing are appended without waiting. Before the handler of an effectful
// node is called, an `attempt` and everything before it is on disk: a chain of such nodes costs one
// flush a node, since the result of one and the attempt of the next are in one commit.
import type { Rng } from '@basalt/capabilities';
import { diagnostic, DiagnosticError, type Diagnostic } from '@basalt/diagnostics';
import { checkValue, hashValue, valuesEqual, type Value } from '@basalt/ir';
import type { NodePlan } from '../plan/exec-plan.js';
import { describeThrown, type Failure } from '../run/failure.js';
import type { FlowRun } from '../run/flow-run.js';
import type { UnknownOutcome } from '../run/host-options.js';
import { Invocation } from '../run/invocation.js';
import type { Scope } from '../run/scope.js';
import { DeliveryLedger, type LedgerOwner } from './delivery-ledger.js';
import { DurableStepState } from './durable-step.js';
import { answerFrom } from './recorded-answer.js';
import { recordFinding } from './recorded-finding.js';
import type { ReplayWatch } from './replay-watch.js';
import { RunHistory, type PastInvocation, type PastWait } from './run-history.js';
import type { InvocationKey, JournaledEvent, RunJournal, RunRecord } from './run-journal.js';
import { stepHandler } from './step-handler.js';

export class DurableRun implements LedgerOwner {
  readonly journal: RunJournal;
  readonly history: RunHistory;
  /** Why the execution cannot be taken up. */
  readonly fault: Diagnostic | undefined;
  /** The execution of the outermost flow; set by it. */
  root!: FlowRun;
  readonly ledger: DeliveryLedger;
  readonly #occurrences = new WeakMap<Scope, Map<string, number>>();
  readonly #outcomes: Readonly<Record<string, UnknownOutcome>>;
  /** The journal failed: nothing is appended any more. */
  #lost: Diagnostic | undefined = undefined;
  #closed = false;
  /** Events for which no message waits yet, oldest first. */
  readonly #early: JournaledEvent[] = [];

  /** @param watch compares a replay with its journal; nothing is recorded then */
  constructor(
    journal: RunJournal,
    outcomes: Readonly<Record<string, UnknownOutcome>> = {},
    readonly watch?: ReplayWatch,
  ) {
    this.journal = journal;
    this.#outcomes = outcomes;
    let history = new RunHistory([]);
    try {
      history = new RunHistory(journal.history);
    } catch (error) {
      if (!(error instanceof DiagnosticError)) throw error;
      this.fault = error.diagnostic;
    }
    this.history = history;
    this.ledger = new DeliveryLedger(this, history.holders);
  }

  // Identity.

  /** Names the next message of this value in this scope at this place. */
  identify(
    place: string,
    scope: Scope,
    value: Value,
  ): { readonly key: InvocationKey; readonly input: string } {
    const input = hashValue(value);
    let counts = this.#occurrences.get(scope);
    if (counts === undefined) this.#occurrences.set(scope, (counts = new Map<string, number>()));
    const slot = `${input}${place}`;
    const occurrence = counts.get(slot) ?? 0;
    counts.set(slot, occurrence + 1);
    return { key: hashValue([place, scope.key, input, occurrence]), input };
  }

  /** Names the invocation and looks for it in the journal.
   * @returns the attempt to prepare and start, or undefined where the journal has answered. */
  takeUp(first: Invocation): Invocation | undefined {
    const { node, message, run } = first;
    const { plan } = node;
    const { key, input } = this.identify(plan.alias, message.scope, first.input);
    const past = this.history.take(key);
    first.step = new DurableStepState(key, input, past);
    if (past?.dropped === undefined && this.watch !== undefined) {
      return this.#replay(this.watch, first, past);
    }
    if (past === undefined) return first;
    if (past.dropped !== undefined) {
      run.drop(plan.alias, past.dropped.reason, first.input);
      first.end('ok', undefined);
      return undefined;
    }
    const { result, failure } = past;
    if (result !== undefined && result.input !== input) {
      this.refuse(
        diagnostic.DUR104({ problem: `the result of ${plan.alias} is of another input` }),
      );
      return undefined;
    }
    const over = result ?? (failure?.retryAt === undefined ? failure : undefined);
    if (over !== undefined) {
      this.answer(this.#attempt(first, over.attempt), past);
      return undefined;
    }
    const next = this.#attempt(first, past.attempt?.attempt ?? (failure?.attempt ?? 0) + 1);
    next.step!.notBefore = past.attempt === undefined ? (failure?.retryAt ?? 0) : 0;
    return this.#isUnknown(plan, past) ? this.#decide(next, past) : next;
  }

  #replay(
    watch: ReplayWatch,
    first: Invocation,
    past: PastInvocation | undefined,
  ): Invocation | undefined {
    const decision = watch.decide(first, past);
    if (watch.divergence !== undefined) this.#stopReplay(watch);
    if (decision === 'leave') return undefined;
    const next = this.#attempt(first, (past?.result ?? past?.failure)?.attempt ?? 1);
    if (decision === 'call') return next;
    this.answer(next, past!);
    return undefined;
  }

  #stopReplay({ divergence }: ReplayWatch): void {
    if (divergence === undefined) return;
    const { node, where } = divergence;
    this.refuse(diagnostic.DUR112({ node, where }));
  }

  /** Repeats what is recorded. */
  answer(invocation: Invocation, past: PastInvocation): void {
    const step = invocation.step!;
    step.answered = true;
    step.handler = answerFrom(invocation.run, past);
    invocation.start();
  }

  /** The same invocation as its `number`th attempt. */
  #attempt(first: Invocation, number: number): Invocation {
    if (number === first.attempt) return first;
    const next = new Invocation(first.run, first.node, first.message, number);
    next.input = first.input;
    next.step = first.step;
    first.outlet?.replace(first, next);
    return next;
  }

  #isUnknown(plan: NodePlan, { attempt }: PastInvocation): boolean {
    return attempt !== undefined && attempt.idempotencyKey === undefined && changesThings(plan);
  }

  /** An effectful handler without an idempotency key was begun, and how it ended is not known. */
  #decide(invocation: Invocation, past: PastInvocation): Invocation | undefined {
    const { run, node, message, alias, attempt } = invocation;
    const outcome = Object.hasOwn(this.#outcomes, alias) ? this.#outcomes[alias] : undefined;
    if (outcome === 'repeat') return invocation;
    const { key, input } = invocation.step!;
    if (outcome !== undefined) {
      const at = run.now();
      const { length: emitted } = past.emitted;
      const { done: output } = outcome;
      const record = { kind: 'result', key, alias, attempt, input, output, emitted, at } as const;
      this.append(record);
      this.answer(invocation, { ...past, result: record });
      return undefined;
    }
    if (message.edge?.delivery === 'at_most_once') {
      this.append({ kind: 'dropped', key, alias, reason: 'unknown', at: run.now() });
      run.drop(alias, 'unknown', invocation.input);
      invocation.end('ok', undefined);
      return undefined;
    }
    this.refuse(diagnostic.DUR102({ node: node.plan.alias, run: this.journal.runId }));
    return undefined;
  }

  /** Starts an attempt: at its time, and where it changes something only once that is on disk. */
  start(invocation: Invocation): void {
    const { run } = invocation;
    const step = invocation.step!;
    const wait = step.notBefore - run.now();
    step.notBefore = 0;
    if (wait > 0) {
      run.timers.set(wait, () => run.failures.startAgain(invocation));
      return;
    }
    const { plan } = invocation.node;
    if (this.watch !== undefined) {
      invocation.start();
      return;
    }
    if (this.journal.step !== undefined && !repeatsExactly(plan)) {
      step.handler = stepHandler(this.journal.step, plan, step.key);
    } else if (changesThings(plan)) {
      this.#startOnceFlushed(invocation);
      return;
    }
    invocation.start();
  }

  #startOnceFlushed(invocation: Invocation): void {
    const { run, alias, attempt, idempotencyKey } = invocation;
    const { key } = invocation.step!;
    this.append({
      kind: 'attempt',
      key,
      alias,
      attempt,
      ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
      at: run.now(),
    });
    run.callBegan();
    void this.flush().then((isSafe) => {
      run.callEnded();
      if (isSafe && !run.isStopping) invocation.start();
      else if (isSafe) this.#notStarted(invocation);
      run.drain();
    });
  }

  /** The execution was stopped in between: the handler was not called, which must not look unknown. */
  #notStarted({ run, alias, attempt, step }: Invocation): void {
    const at = run.now();
    const reason = 'the execution was stopped before the handler was called';
    const finding = recordFinding(diagnostic.RUN101({ node: alias, attempt, reason }));
    const more = { reason, finding, retryAt: at, at };
    const { key } = step!;
    this.append({ kind: 'failure', key, alias, attempt, errorKind: 'not_started', ...more });
  }

  // What is recorded.

  append(record: RunRecord): void {
    if (this.#lost === undefined && !this.#closed) this.journal.append(record);
  }

  /** Appends the outcome, after which nothing is appended; keys that are held are given back. */
  end(record: RunRecord): void {
    this.ledger.releaseAll();
    this.append(record);
    this.#closed = true;
  }

  /** What handlers still do is recorded no more. */
  close(): void {
    this.#closed = true;
  }

  /** True when everything that was appended is on disk. Otherwise the execution is stopped, without an
   * outcome. Never rejects. */
  async flush(): Promise<boolean> {
    if (this.#lost !== undefined) return false;
    try {
      await this.journal.flush();
      return true;
    } catch (error) {
      this.lose(error);
      return false;
    }
  }

  /** Why the journal can be used no more. */
  get lost(): Diagnostic | undefined {
    return this.#lost;
  }

  /** The journal has failed. */
  lose(error: unknown): void {
    const cause =
      error instanceof DiagnosticError
        ? error.diagnostic
        : diagnostic.DUR101({ run: this.journal.runId, reason: describeThrown(error) });
    this.#lost ??= cause;
    this.refuse(cause);
  }

  /** Takes a value that an invocation sends; gives the one that goes on. */
  emitting(invocation: Invocation, value: Value): Value {
    const { run, alias, emitted: index, node } = invocation;
    const step = invocation.step!;
    const before = step.emittedAt(index);
    if (this.watch !== undefined && !step.answered) {
      this.watch.sent(invocation, value);
      this.#stopReplay(this.watch);
      return value;
    }
    if (before === undefined) {
      this.append({ kind: 'emitted', key: step.key, alias, index, value, at: run.now() });
      return value;
    }
    if (!step.answered && givesTheSame(node.plan) && !valuesEqual(value, before.value)) {
      this.#diverged(invocation, `value ${index + 1} of what it sends`);
    }
    return before.value;
  }

  /** The invocation has put out what it had to. */
  completed(invocation: Invocation, output: Value | undefined): void {
    const { run, alias, attempt, node } = invocation;
    const step = invocation.step;
    if (step === undefined || step.answered) return;
    if (this.watch !== undefined) {
      this.watch.completed(invocation, output);
      this.#stopReplay(this.watch);
      return;
    }
    this.#sendRest(invocation);
    const { completes } = step;
    if (completes !== undefined) this.ledger.completed(completes);
    // What happens inside of a subflow has records of its own.
    if (node.plan.subflow !== undefined || this.root.ending.isInterrupted) return;
    this.append({
      kind: 'result',
      key: step.key,
      alias,
      attempt,
      input: step.input,
      emitted: invocation.emitted,
      ...(output === undefined ? {} : { output }),
      ...(completes === undefined ? {} : { completes }),
      ...(node.plan.compensator === undefined
        ? {}
        : { undo: { input: invocation.input, within: run.within } }),
      at: run.now(),
    });
  }

  /** A handler that sent more before the restart than after it: what was sent was acted on. */
  #sendRest(invocation: Invocation): void {
    const sent = invocation.step!.past?.emitted ?? [];
    if (invocation.emitted >= sent.length) return;
    if (givesTheSame(invocation.node.plan)) {
      this.#diverged(invocation, `value ${invocation.emitted + 1} of what it sends`);
      return;
    }
    while (invocation.emitted < sent.length) {
      invocation.putItem(sent[invocation.emitted]!.value);
    }
  }

  /** An effectful handler has come to its end while the execution is being stopped. */
  completedLate(invocation: Invocation, result: unknown): void {
    const { run, alias, attempt, emitted, step, node } = invocation;
    if (step === undefined || step.answered || !changesThings(node.plan)) return;
    if (checkValue(result) !== undefined && result !== undefined) return;
    const { key, input } = step;
    const output = result === undefined ? {} : { output: result as Value };
    const at = run.now();
    this.append({ kind: 'result', key, alias, attempt, input, emitted, ...output, at });
  }

  /** An attempt has failed; another one follows at `retryAt`, where that is given. */
  failed(invocation: Invocation, failure: Failure, retryAt: number | undefined): void {
    const { run, alias, attempt, step } = invocation;
    if (step === undefined || step.answered) return;
    if (this.watch !== undefined) {
      this.watch.failed(invocation, failure);
      this.#stopReplay(this.watch);
      return;
    }
    step.handler = undefined;
    this.append({
      kind: 'failure',
      key: step.key,
      alias,
      attempt,
      errorKind: failure.kind,
      reason: failure.reason,
      finding: recordFinding(failure.diagnostic),
      ...(retryAt === undefined ? {} : { retryAt }),
      at: run.now(),
    });
  }

  /** What the invocation did was undone, or its compensator has failed. */
  compensated(key: InvocationKey | undefined, alias: string, ok: boolean): void {
    if (key === undefined) return;
    this.append({ kind: 'compensated', key, alias, ok, at: this.root.now() });
  }

  // Waits.

  /** A message waits at a checkpoint; gives its key, and what is known of the wait. */
  waitAt(
    checkpoint: string,
    scope: Scope,
    value: Value,
  ): { readonly key: InvocationKey; readonly past: PastWait | undefined } {
    const { key } = this.identify(`await:${checkpoint}`, scope, value);
    return { key, past: this.history.takeWait(key) };
  }

  /** Listens for events of the journal; each is kept until a message waits for it. */
  listen(give: (event: JournaledEvent) => boolean): void {
    this.journal.onEvent?.((event) => {
      if (!give(event)) this.#early.push(event);
    });
  }

  takeEarly(checkpoint: string, correlation: Value): JournaledEvent | undefined {
    const at = this.#early.findIndex(
      (event) => event.checkpoint === checkpoint && valuesEqual(event.correlation, correlation),
    );
    return at < 0 ? undefined : this.#early.splice(at, 1)[0];
  }

  // The delivery ledger.

  async reserve(
    invocation: Invocation,
    key: string,
    ttlMs: number,
  ): Promise<'first' | 'duplicate' | 'stopped'> {
    const found = await this.ledger.reserve(invocation, key, ttlMs);
    if (found === 'duplicate') {
      const { run, alias, step } = invocation;
      const at = run.now();
      this.append({ kind: 'dropped', key: step!.key, alias, reason: 'duplicate', at });
    }
    return found;
  }

  // Randomness.

  /** Randomness that depends on the invocation only, where the execution's is seeded. */
  randomOf(invocation: Invocation, use = 'node'): Rng | undefined {
    const { step, attempt, run } = invocation;
    if (step === undefined || !('child' in run.rng)) return undefined;
    if (use !== 'node') return run.childRng(`${use}/${step.key}/${attempt}`);
    if (step.random === undefined || step.randomAttempt !== attempt) {
      step.random = run.childRng(`${use}/${step.key}/${attempt}`);
      step.randomAttempt = attempt;
    }
    return step.random;
  }

  #diverged(invocation: Invocation, place: string): void {
    this.refuse(diagnostic.DUR105({ node: invocation.alias, place }));
  }

  /** Stops the whole execution without an outcome. */
  refuse(cause: Diagnostic): void {
    this.root.ending.interrupt(cause);
  }
}

/** Its handler changes something outside. What a subflow does is up to its own nodes. */
export function changesThings({ ir, subflow }: NodePlan): boolean {
  return ir.effects === 'effectful' && subflow === undefined;
}

/** Called again, it gives the same. */
function givesTheSame({ ir, subflow }: NodePlan): boolean {
  return subflow === undefined && (ir.determinism === 'strict' || ir.determinism === 'stable');
}

/** It need not be a step of a host that executes flows again from their start. */
function repeatsExactly({ ir, subflow }: NodePlan): boolean {
  return subflow !== undefined || (ir.effects === 'pure' && ir.determinism === 'strict');
}

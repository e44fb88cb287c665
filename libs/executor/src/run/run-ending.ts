// How an execution ends: completed, failed or cancelled. What still runs is told to stop and waited
// for, what was completed is undone where the execution failed, and the result is put together.
import { diagnostic, DiagnosticError, type Diagnostic } from '@basalt/diagnostics';
import type { Value } from '@basalt/ir';
import { DEFAULT_GRACE_MS } from './host-options.js';
import type { DurableRun } from '../durable/durable-run.js';
import type { EndedRecord } from '../durable/run-history.js';
import { recordFinding, restoreFinding } from '../durable/recorded-finding.js';
import type { RecordedFinding } from '../durable/run-journal.js';
import { isSuspended, waitingIn, type WaitingFor } from './awaited-events.js';
import type { FlowRun } from './flow-run.js';
import type { Invocation } from './invocation.js';
import { AWAITED } from './offer-special.js';
import type { RunOutcome, RunResult, RunStatus } from './run-result.js';
import { findStarved } from './starvation.js';
import { LazySet } from '../structures/lazy-set.js';
import { summaryOf } from './run-summary-of.js';

/** Findings that one execution keeps; the rest would say the same again. */
const MAX_FINDINGS = 100;
/** Emits after the end that are still answered. */
const MAX_LATE_EMITS = 1_024;

// Taken once: a deterministic run traps the global inside handlers, never here.
const nextTurn = setImmediate;

export class RunEnding {
  /** The outcome is decided. */
  begun = false;
  drops = 0;
  readonly #run: FlowRun;
  readonly #findings: Diagnostic[] = [];
  readonly #lateEmitters = new LazySet<string>();
  #lateEmits = 0;
  #status: RunStatus = 'completed';
  #cause: Diagnostic | undefined = undefined;
  #outcome: RunResult | undefined = undefined;
  /** Made when somebody asks: most callers of an execution that ends at once never do. */
  #result: Promise<RunResult> | undefined = undefined;
  #settle: ((result: RunResult) => void) | undefined = undefined;
  #observerThrew = false;
  #quiet: (() => void) | undefined = undefined;
  #ended = false;
  #waiting: readonly WaitingFor[] | undefined = undefined;
  #error: DiagnosticError | undefined = undefined;
  readonly #onEnd: ((error: DiagnosticError | undefined) => void)[] = [];
  readonly #onCapture: ((value: Value) => void)[] = [];

  constructor(run: FlowRun) {
    this.#run = run;
  }

  /** Settles when the execution has ended. Never rejects. */
  get result(): Promise<RunResult> {
    if (this.#result === undefined) {
      const outcome = this.#outcome;
      this.#result =
        outcome === undefined
          ? new Promise((resolve) => (this.#settle = resolve))
          : Promise.resolve(outcome);
    }
    return this.#result;
  }

  /** The result, once the execution has ended. */
  get outcome(): RunResult | undefined {
    return this.#outcome;
  }

  /** Calls back with the failure, or without one; at once where the execution has ended. */
  onEnd(listener: (error: DiagnosticError | undefined) => void): void {
    if (this.#ended) listener(this.#error);
    else this.#onEnd.push(listener);
  }

  /** Calls back with the first captured value. */
  onCapture(listener: (value: Value) => void): void {
    const { first } = this.#run.capture;
    if (first === undefined) this.#onCapture.push(listener);
    else listener(first);
  }

  /** The first value has been captured. */
  captured(value: Value): void {
    for (const listener of this.#onCapture) listener(value);
  }

  /** Fails the execution when it has not ended after `ms` milliseconds, whatever still runs.
   * @param spentMs what of it is over. */
  limit(ms: number, spentMs = 0): void {
    const late = () => diagnostic.TIME015({ what: 'The execution', timeout_ms: ms });
    if (spentMs > 0 && spentMs >= ms) this.fail(late(), 0);
    else this.#run.timers.set(ms - spentMs, () => this.fail(late(), 0), false);
  }

  /** Keeps a finding that does not end the execution. */
  note(finding: Diagnostic): void {
    if (this.#findings.length < MAX_FINDINGS) this.#findings.push(finding);
  }

  countDrop(): void {
    this.drops += 1;
  }

  /** A handler emits after its end: noted, and ignored. It is given a turn of the event loop to wait
   * for, and at some point one that never comes, so that a loop left behind does no harm. */
  lateEmit({ alias }: Invocation): Promise<void> {
    this.#lateEmits += 1;
    if (!this.#lateEmitters.has(alias) && !this.begun) {
      this.#lateEmitters.add(alias);
      this.note(diagnostic.RUN103({ node: alias }));
    }
    if (this.#lateEmits > MAX_LATE_EMITS) return new Promise(() => undefined);
    return new Promise((resolve) => nextTurn(resolve));
  }

  observerThrew(method: string, error: unknown): void {
    if (this.#observerThrew) return;
    this.#observerThrew = true;
    this.note(diagnostic.RUN135({ method, reason: String(error) }));
  }

  /** Nothing is left to do. */
  complete(): void {
    if (this.begun) return;
    const starved = findStarved(this.#run);
    if (starved !== undefined) {
      this.fail(starved);
      return;
    }
    this.begun = true;
    if (this.#run.leftovers === undefined) this.#conclude();
    else void this.#run.leftovers.cleanUp().then(() => this.#conclude());
  }

  /** The first failure decides; what fails while the execution is being stopped is noted. */
  fail(cause: Diagnostic, graceMs?: number): void {
    if (this.begun) {
      if (this.#status === 'failed') this.note(cause);
      return;
    }
    this.#stop('failed', cause, graceMs ?? this.#graceMs());
  }

  cancel(reason: string): void {
    if (this.begun) return;
    const cause = diagnostic.RUN106({ run: this.#run.id, reason });
    this.#stop('cancelled', cause, this.#graceMs());
  }

  /** Stops the execution without an outcome: it goes on when it is started again with its journal. */
  interrupt(cause: Diagnostic): void {
    if (!this.begun) this.#stop('interrupted', cause, this.#graceMs());
  }

  get isInterrupted(): boolean {
    return this.#status === 'interrupted';
  }

  /** Ends the whole execution for now where nothing is left but to wait for events, and the host wants
   * that; true where it does. */
  park(): boolean {
    const { durable, host } = this.#run;
    if (durable === undefined || host.onSuspended !== 'park') return false;
    const { root } = durable;
    if (root.isStopping || !isSuspended(root)) return false;
    const waiting = waitingIn(root);
    const parked = diagnostic.DUR106({ run: root.id, count: waiting.length });
    root.ending.#waiting = waiting;
    root.ending.#stop('waiting', parked, 0);
    return true;
  }

  /** The execution ended before. */
  repeat({ status, output, findings }: EndedRecord): void {
    this.begun = true;
    this.#status = status;
    this.#findings.push(...findings.map(restoreFinding));
    this.#cause = status === 'completed' ? undefined : this.#findings[0];
    const { capture, invoke } = this.#run;
    if (output !== undefined && invoke.mode !== 'stream') capture.offer(output, AWAITED);
    this.#finish();
  }

  /** The execution had failed, and what it did was being undone. */
  goOnUndoing(cause: RecordedFinding): void {
    this.#run.completions.restore();
    this.#stop('failed', restoreFinding(cause), 0);
  }

  /** A handler of an execution that is being stopped has come to its end. */
  checkQuiet(): void {
    if (this.#run.following.size === 0) this.#quiet?.();
  }

  #graceMs(): number {
    return this.#run.host.graceMs ?? DEFAULT_GRACE_MS;
  }

  #stop(status: RunStatus, cause: Diagnostic, graceMs: number): void {
    const run = this.#run;
    this.begun = true;
    this.#status = status;
    this.#cause = cause;
    this.#findings.unshift(cause);
    if (!isOutcome(status)) {
      for (const { ending } of run.children)
        if (!ending.begun) ending.#stop(status, cause, graceMs);
    }
    run.timers.stop();
    run.awaited.clear();
    run.clear();
    const reason = new DiagnosticError([cause]);
    for (const invocation of [...run.following]) invocation.abort(reason);
    // The execution may be stopped from within a handler, which then has yet to return.
    run.current?.abort(reason);
    const clean = run.completions.isEmpty && run.leftovers === undefined && !run.current;
    if (run.following.size === 0 && clean) this.#conclude();
    else void this.#cleanUp(graceMs);
  }

  async #cleanUp(graceMs: number): Promise<void> {
    const run = this.#run;
    if (run.current !== undefined) await null;
    await this.#untilQuiet(graceMs);
    if (run.following.size > 0) {
      const nodes = [...new Set([...run.following].map(({ alias }) => alias))].join(', ');
      this.note(diagnostic.RUN107({ nodes, grace_ms: graceMs }));
    }
    if (this.#status === 'failed') await this.#undo(this.#cause!);
    await run.leftovers?.cleanUp();
    this.#conclude();
  }

  async #undo(cause: Diagnostic): Promise<void> {
    const { completions, durable, root } = this.#run;
    const scope = root.key;
    const isNew = durable !== undefined && !durable.history.compensating.has(scope);
    if (isNew && !completions.isEmpty) {
      const at = this.#run.now();
      durable.append({ kind: 'compensating', scope, cause: recordFinding(cause), at });
    }
    for (const finding of await completions.undoAll(cause)) this.note(finding);
  }

  async #untilQuiet(graceMs: number): Promise<void> {
    const run = this.#run;
    if (run.following.size === 0) return;
    const enough = new AbortController();
    const quiet = new Promise<void>((resolve) => (this.#quiet = resolve));
    const grace = run.clock.sleep(graceMs, enough.signal).catch(() => undefined);
    await Promise.race([quiet, grace]);
    this.#quiet = undefined;
    enough.abort();
  }

  #conclude(): void {
    const { durable, parent } = this.#run;
    if (durable === undefined || parent !== undefined) this.#finish();
    else void this.#record(durable).then(() => this.#finish());
  }

  /** The outcome is on disk before anybody hears of it; without that it is none. */
  async #record(durable: DurableRun): Promise<void> {
    const { capture } = this.#run;
    const status = this.#status;
    if (isOutcome(status)) {
      const unasked = status === 'completed' ? durable.history.untaken() : [];
      if (unasked.length > 0) this.note(diagnostic.DUR108({ nodes: unasked.join(', ') }));
      const output = status === 'completed' ? capture.first : undefined;
      durable.end({
        kind: 'ended',
        status,
        ...(output === undefined ? {} : { output }),
        findings: this.#findings.map(recordFinding),
        at: this.#run.now(),
      });
    }
    const isSafe = await durable.flush();
    durable.close();
    if (isSafe || !isOutcome(status)) return;
    this.#status = 'interrupted';
    this.#cause = durable.lost!;
    this.#findings.unshift(this.#cause);
  }

  #finish(): void {
    const run = this.#run;
    run.end();
    const failed = this.#status !== 'completed';
    const output: Value | undefined = failed ? undefined : run.capture.first;
    const error = failed
      ? new DiagnosticError(this.#findings as [Diagnostic, ...Diagnostic[]])
      : undefined;
    run.observer?.runEnded?.(run, this.#status, output, this.#cause);
    run.capture.close(error);
    this.#ended = true;
    this.#error = error;
    for (const listener of this.#onEnd) listener(error);
    this.#outcome = {
      status: this.#status,
      output,
      diagnostics: this.#findings,
      summary: summaryOf(run),
      ...(this.#waiting === undefined ? {} : { waiting: this.#waiting }),
    };
    this.#settle?.(this.#outcome);
  }
}

function isOutcome(status: RunStatus): status is RunOutcome {
  return status !== 'waiting' && status !== 'interrupted';
}

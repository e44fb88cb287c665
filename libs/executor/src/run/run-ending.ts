// How an execution ends: completed, failed or cancelled. What still runs is told to stop and waited
// for, what was completed is undone where the execution failed, and the result is put together.
import { diagnostic, DiagnosticError, type Diagnostic } from '@basalt/diagnostics';
import type { Value } from '@basalt/ir';
import { DEFAULT_GRACE_MS } from './host-options.js';
import type { FlowRun } from './flow-run.js';
import type { Invocation } from './invocation.js';
import type { RunResult, RunStatus } from './run-result.js';
import { findStarved } from './starvation.js';
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
  readonly #lateEmitters = new Set<string>();
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

  /** Fails the execution when it has not ended after `ms` milliseconds, whatever still runs. */
  limit(ms: number): void {
    const late = () => diagnostic.TIME015({ what: 'The execution', timeout_ms: ms });
    this.#run.timers.set(ms, () => this.fail(late(), 0), false);
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
    if (this.#run.leftovers === undefined) this.#finish();
    else void this.#run.leftovers.cleanUp().then(() => this.#finish());
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
    run.timers.stop();
    run.awaited.clear();
    run.clear();
    const reason = new DiagnosticError([cause]);
    for (const invocation of [...run.following]) invocation.abort(reason);
    // The execution may be stopped from within a handler, which then has yet to return.
    run.current?.abort(reason);
    const clean = run.completions.isEmpty && run.leftovers === undefined && !run.current;
    if (run.following.size === 0 && clean) this.#finish();
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
    if (this.#status === 'failed') {
      for (const finding of await run.completions.undoAll(this.#cause!)) this.note(finding);
    }
    await run.leftovers?.cleanUp();
    this.#finish();
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
    };
    this.#settle?.(this.#outcome);
  }
}

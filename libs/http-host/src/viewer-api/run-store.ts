// The executions of this process as the viewer shows them: an observer that remembers a bounded part of
// what it sees. It is bounded three ways: by the number of runs, by what one run may keep, and by bytes
// in all. The oldest go first, and of the oldest those that have ended.
import type { SecretRedactor } from '@basalt/capabilities';
import type { Diagnostic } from '@basalt/diagnostics';
import type {
  DropReason,
  EdgePlan,
  NodeOutcome,
  NodePlan,
  ObservedInvocation,
  ObservedRun,
  RunObserver,
  RunStatus,
} from '@basalt/executor';
import type { Value } from '@basalt/ir';
import {
  RecordedRun,
  type RecordedStatus,
  type RecordLimits,
  type RunFacts,
} from './recorded-run.js';
import { RunOrder } from './run-order.js';

export interface RunStoreOptions {
  /** Most runs; 10,000 when absent. */
  readonly maxRuns?: number;
  /** About the most bytes of memory in all; 192 MiB when absent. */
  readonly maxBytes?: number;
  /** Most bytes kept of one input or output; 4 KiB when absent. */
  readonly maxValueBytes?: number;
  /** Payloads up to this size are kept whole, to run them again; 64 KiB when absent. */
  readonly maxPayloadBytes?: number;
  /** Attempts kept of each node: as many first and as many last ones; 5 when absent. */
  readonly invocations?: number;
  /** Events kept of each run: as many first and as many last ones; 200 when absent. */
  readonly events?: number;
  /** Takes the values of secrets out of what is shown. */
  readonly redactor?: SecretRedactor;
  /** Milliseconds since the epoch; the system's clock when absent. */
  readonly now?: () => number;
  /** What durations are measured with, in milliseconds; performance.now when absent. */
  readonly tick?: () => number;
}

/** Runs by status. */
export type RunCounts = Readonly<Record<RecordedStatus, number>>;
type MutableCounts = Record<RecordedStatus, number>;

const MIB = 1024 * 1024;

export class RunStore implements RunObserver {
  readonly #order = new RunOrder();
  readonly #maxRuns: number;
  readonly #maxBytes: number;
  readonly #limits: RecordLimits;
  readonly redactor: SecretRedactor | undefined;
  readonly #now: () => number;
  readonly #tick: () => number;
  readonly #announced = new Map<string, RunFacts>();
  /** Runs under way that had to be forgotten. */
  readonly #forgotten = new Set<string>();
  readonly #counts = new Map<string, MutableCounts>();
  #numbers = 0;

  constructor(options: RunStoreOptions = {}) {
    this.#maxRuns = options.maxRuns ?? 10_000;
    this.#maxBytes = options.maxBytes ?? 192 * MIB;
    this.redactor = options.redactor;
    this.#now = options.now ?? Date.now;
    this.#tick = options.tick ?? (() => performance.now());
    this.#limits = {
      valueBytes: options.maxValueBytes ?? 4096,
      payloadBytes: options.maxPayloadBytes ?? 64 * 1024,
      invocations: options.invocations ?? 5,
      events: options.events ?? 200,
      account: { bytes: 0 },
    };
  }

  // Reading.

  get size(): number {
    return this.#order.size;
  }

  /** About the bytes of memory that the records take. */
  get bytes(): number {
    return this.#limits.account.bytes;
  }

  get(id: string): RecordedRun | undefined {
    return this.#order.get(id);
  }

  /** How many runs of a flow are remembered, by status; undefined where there are none. */
  counts(flow: string): RunCounts | undefined {
    return this.#counts.get(flow);
  }

  /** Runs with a number below `before`, newest first. */
  newestFirst(before = Infinity): IterableIterator<RecordedRun> {
    return this.#order.newestFirst(before);
  }

  /** Says what the observer cannot see, before the run is started or while it is known. */
  announce(id: string, facts: RunFacts): void {
    const run = this.#order.get(id);
    if (run === undefined) this.#announced.set(id, facts);
    else run.describe(facts);
    // An announced run that never starts must not stay.
    if (this.#announced.size > this.#maxRuns) {
      for (const oldest of this.#announced.keys()) {
        this.#announced.delete(oldest);
        break;
      }
    }
  }

  // Watching runs.

  runStarted(observed: ObservedRun, payload: Value): void {
    this.#begin(observed).begin(payload);
  }

  runEnded(
    observed: ObservedRun,
    status: RunStatus,
    output: Value | undefined,
    cause: Diagnostic | undefined,
  ): void {
    if (this.#forgotten.delete(observed.id)) return;
    // One that was refused before it began comes here without a start.
    const run = this.#order.get(observed.id) ?? this.#begin(observed);
    this.#count(run, -1);
    // What was parked or interrupted is over in this process; its cause says that it goes on.
    const isOutcome = status !== 'waiting' && status !== 'interrupted';
    run.end(this.#tick(), isOutcome ? status : 'cancelled', output, cause);
    this.#count(run, 1);
    this.#makeRoom();
  }

  nodeStarted(observed: ObservedRun, invocation: ObservedInvocation): void {
    this.#order.get(observed.id)?.nodeStarted(this.#tick(), invocation);
  }

  nodeEnded(
    observed: ObservedRun,
    invocation: ObservedInvocation,
    outcome: NodeOutcome,
    output: Value | undefined,
  ): void {
    this.#order.get(observed.id)?.nodeEnded(this.#tick(), invocation, outcome, output);
  }

  emitted(observed: ObservedRun, invocation: ObservedInvocation, value: Value): void {
    this.#order.get(observed.id)?.emitted(invocation, value);
  }

  failed(observed: ObservedRun, alias: string, kind: string): void {
    this.#order.get(observed.id)?.failure(alias, kind);
  }

  edgeDepth(observed: ObservedRun, edge: EdgePlan, depth: number): void {
    this.#order.get(observed.id)?.depth(edge.label, depth);
  }

  spilled(observed: ObservedRun, { label }: EdgePlan): void {
    this.#order.get(observed.id)?.spilled(label);
    this.#event(observed, 'spilled', undefined, label);
  }

  captured(observed: ObservedRun, alias: string): void {
    this.#order.get(observed.id)?.captured(alias);
    this.#event(observed, 'captured', alias, undefined);
  }

  dropped(observed: ObservedRun, alias: string, reason: DropReason): void {
    this.#order.get(observed.id)?.count(alias, 'dropped');
    this.#event(observed, 'dropped', alias, reason);
  }

  retried(observed: ObservedRun, { alias, attempt }: ObservedInvocation, delayMs: number): void {
    this.#order.get(observed.id)?.count(alias, 'retries');
    const text = `attempt ${attempt} failed; the next one in ${Math.round(delayMs)} ms`;
    this.#event(observed, 'retried', alias, text);
  }

  waiting(observed: ObservedRun, checkpointId: string): void {
    this.#order.get(observed.id)?.waitsFor(1);
    this.#event(observed, 'waiting', undefined, checkpointId);
  }

  resumed(observed: ObservedRun, checkpointId: string): void {
    this.#order.get(observed.id)?.waitsFor(-1);
    this.#event(observed, 'resumed', undefined, checkpointId);
  }

  checkpoint(observed: ObservedRun, checkpointId: string, alias: string): void {
    this.#event(observed, 'checkpoint', alias, checkpointId);
  }

  compensated(observed: ObservedRun, { alias }: NodePlan, ok: boolean): void {
    this.#event(observed, 'compensated', alias, ok ? 'undone' : 'could not be undone');
  }

  cacheHit(observed: ObservedRun, alias: string): void {
    this.#order.get(observed.id)?.count(alias, 'cached');
    this.#event(observed, 'cache hit', alias, undefined);
  }

  #event(
    observed: ObservedRun,
    kind: string,
    node: string | undefined,
    text: string | undefined,
  ): void {
    this.#order.get(observed.id)?.event(this.#tick(), kind, node, text);
  }

  #begin(observed: ObservedRun): RecordedRun {
    this.#numbers += 1;
    const run = new RecordedRun(
      observed,
      this.#numbers,
      { at: this.#now(), tick: this.#tick() },
      this.#limits,
    );
    const last = this.#order.add(run);
    if (last !== undefined) this.#forget(last);
    this.#count(run, 1);
    const facts = this.#announced.get(observed.id);
    if (facts !== undefined) {
      this.#announced.delete(observed.id);
      run.describe(facts);
    }
    if (observed.parentId !== undefined) this.#order.get(observed.parentId)?.addChild(observed.id);
    this.#makeRoom();
    return run;
  }

  #forget(run: RecordedRun): void {
    this.#limits.account.bytes -= run.bytes;
    this.#count(run, -1);
    run.evict();
  }

  #count({ flow, status }: RecordedRun, change: number): void {
    let counts = this.#counts.get(flow);
    if (counts === undefined) {
      counts = { running: 0, completed: 0, failed: 0, cancelled: 0 };
      this.#counts.set(flow, counts);
    }
    counts[status] += change;
  }

  #makeRoom(): void {
    while (this.#order.size > this.#maxRuns || this.bytes > this.#maxBytes) {
      const run = this.#order.takeOldest();
      if (run === undefined) return;
      if (!run.isEnded) this.#forgotten.add(run.id);
      this.#forget(run);
    }
  }
}

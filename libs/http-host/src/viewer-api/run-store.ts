// The executions of this process as the viewer shows them: an observer that remembers a bounded part of
// what it sees. It is bounded three ways: by the number of runs, by what one run may keep, and by bytes
// in all. The oldest go first, and of the oldest those that have ended. Where runs come so fast that
// nobody could read them before they go, only some of those that completed like all others are kept, and
// where they end as soon as they begin, the others are not even recorded.
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
import { FlowTally, type RunCounts } from './flow-tally.js';
import { RecordedRun, type RecordLimits } from './recorded-run.js';
import type { AnnouncedRun, RunFacts } from './run-facts.js';
import { RunOrder } from './run-order.js';
import { UnrecordedRun, type Unrecorded, type UnrecordedOwner } from './unrecorded-run.js';
import { ValueSampler } from './value-sampler.js';

export interface RunStoreOptions {
  /** Most runs; 10,000 when absent. */
  readonly maxRuns?: number;
  /** Once the store is full, no more completed runs are kept than would fill it in this time, in
   * milliseconds, shared by the flows; 60,000 when absent, and 0 keeps all. Failed, cancelled and slow
   * runs are kept always, and so are those that retried, waited, have subflows or are looked at. */
  readonly minHistoryMs?: number;
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

const MIB = 1024 * 1024;
/** Least number of runs a second that are kept of a flow, however small the store is. */
const LEAST_PER_SECOND = 100;

export class RunStore implements RunObserver, UnrecordedOwner {
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
  readonly #tallies = new Map<string, FlowTally>();
  readonly #minHistoryMs: number;
  /** What was announced last, until its run starts or something else is announced. */
  #nextId: string | undefined = undefined;
  #nextFacts: RunFacts | undefined = undefined;
  /** The run that the last event belonged to, and the executor's name for it. */
  #lastObserved: ObservedRun | undefined = undefined;
  #last: RecordedRun | undefined = undefined;
  /** The last run to start, where it has no place yet: most end before anybody can ask for them. */
  #pending: RecordedRun | undefined = undefined;
  readonly #unrecorded = new UnrecordedRun(this);
  #isFull = false;
  #numbers = 0;

  constructor(options: RunStoreOptions = {}) {
    this.#maxRuns = options.maxRuns ?? 10_000;
    this.#maxBytes = options.maxBytes ?? 192 * MIB;
    this.#minHistoryMs = options.minHistoryMs ?? 60_000;
    this.redactor = options.redactor;
    this.#now = options.now ?? Date.now;
    this.#tick = options.tick ?? (() => performance.now());
    const valueBytes = options.maxValueBytes ?? 4096;
    this.#limits = {
      valueBytes,
      payloadBytes: options.maxPayloadBytes ?? 64 * 1024,
      invocations: options.invocations ?? 5,
      events: options.events ?? 200,
      account: { bytes: 0 },
      sampler: new ValueSampler(valueBytes),
    };
  }

  // Reading.

  get size(): number {
    this.#catchUp();
    return this.#order.size;
  }

  /** About the bytes of memory that the records take. */
  get bytes(): number {
    return this.#limits.account.bytes;
  }

  get(id: string): RecordedRun | undefined {
    this.#catchUp();
    return this.#order.get(id);
  }

  /** How many runs of a flow are remembered, by status; undefined where there were none. */
  counts(flow: string): RunCounts | undefined {
    this.#catchUp();
    return this.#tallies.get(flow)?.counts;
  }

  /** Completed runs that were not kept, of those flows for which `visible` is true. */
  notKept(visible: (flow: string) => boolean): number {
    let sum = 0;
    for (const [flow, tally] of this.#tallies) if (visible(flow)) sum += tally.notKept;
    return sum;
  }

  /** Runs with a number below `before`, newest first. */
  newestFirst(before = Infinity): IterableIterator<RecordedRun> {
    this.#catchUp();
    return this.#order.newestFirst(before);
  }

  /** The observer of a run that is about to start.
   * @param isOrdinary false where it is kept, however many are like it: it has subflows, its outputs are
   * a stream, another run may have had its id, or somebody has started it in the viewer */
  observerOf(run: AnnouncedRun, flow: string, isOrdinary: boolean): RunObserver {
    if (isOrdinary && this.#isFull && this.#minHistoryMs > 0) {
      const tally = this.#tallyOf(flow);
      if (tally.isPrompt && !tally.hasRoom(run.startedAt, this.#share())) {
        this.#place();
        this.#unrecorded.expect(run);
        return this.#unrecorded;
      }
    }
    this.announce(run.id, run);
    return this;
  }

  /** Says what the observer cannot see, before the run is started or while it is known. */
  announce(id: string, facts: RunFacts): void {
    if (this.#nextId !== undefined) this.#keepAnnounced();
    this.#nextId = id;
    this.#nextFacts = facts;
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
    if (this.#forgotten.size > 0 && this.#forgotten.delete(observed.id)) return;
    // One that was refused before it began comes here without a start.
    const run = this.#find(observed) ?? this.#begin(observed);
    const tally = this.#tallyOf(run.flow);
    const isPlaced = run !== this.#pending;
    if (isPlaced) tally.counts[run.status] -= 1;
    // What was parked or interrupted is over in this process; its cause says that it goes on.
    const isOutcome = status !== 'waiting' && status !== 'interrupted';
    const now = this.#tick();
    run.end(now, isOutcome ? status : 'cancelled', output, cause);
    tally.isPrompt = run.number === this.#numbers;
    this.#lastObserved = undefined;
    this.#last = undefined;
    tally.sized(run.logged);
    if (this.#isSurplus(run, tally)) {
      this.#leaveOut(run, tally);
      return;
    }
    run.trim();
    if (isPlaced) tally.counts[run.status] += 1;
    else this.#place();
    this.#makeRoom();
  }

  nodeStarted(observed: ObservedRun, invocation: ObservedInvocation): void {
    this.#find(observed)?.nodeStarted(this.#tick(), invocation);
  }

  nodeEnded(
    observed: ObservedRun,
    invocation: ObservedInvocation,
    outcome: NodeOutcome,
    output: Value | undefined,
  ): void {
    this.#find(observed)?.nodeEnded(this.#tick(), invocation, outcome, output);
  }

  attempted(
    observed: ObservedRun,
    invocation: ObservedInvocation,
    outcome: NodeOutcome,
    output: Value | undefined,
  ): void {
    this.#find(observed)?.attempted(this.#tick(), invocation, outcome, output);
  }

  passed(flow: string, ms: number): boolean {
    const tally = this.#tallyOf(flow);
    if (tally.isSlow(ms)) return false;
    tally.notKept += 1;
    return true;
  }

  recall(unrecorded: Unrecorded): void {
    const { observed, facts } = unrecorded;
    this.#numbers += 1;
    const start = { at: facts.startedAt, tick: observed.startedAt };
    const { room } = this.#tallyOf(observed.flow);
    const run = new RecordedRun(observed, this.#numbers, start, this.#limits, room);
    run.describe(facts);
    run.recall(this.#tick(), unrecorded);
    if (unrecorded.isSlow) run.keep();
    this.#pending = run;
    this.#lastObserved = observed;
    this.#last = run;
    this.#place();
  }

  emitted(observed: ObservedRun, invocation: ObservedInvocation, value: Value): void {
    this.#find(observed)?.emitted(invocation, value);
  }

  failed(observed: ObservedRun, alias: string, kind: string): void {
    this.#find(observed)?.failure(alias, kind);
  }

  edgeDepth(observed: ObservedRun, edge: EdgePlan, depth: number): void {
    this.#find(observed)?.depth(edge.label, depth);
  }

  spilled(observed: ObservedRun, { label }: EdgePlan): void {
    this.#find(observed)?.spilled(label);
    this.#event(observed, 'spilled', undefined, label);
  }

  captured(observed: ObservedRun, alias: string): void {
    this.#find(observed)?.captured(alias);
    this.#event(observed, 'captured', alias, undefined);
  }

  dropped(observed: ObservedRun, alias: string, reason: DropReason): void {
    this.#find(observed)?.counted(alias, 'dropped');
    this.#event(observed, 'dropped', alias, reason);
  }

  retried(observed: ObservedRun, { alias, attempt }: ObservedInvocation, delayMs: number): void {
    this.#find(observed)?.counted(alias, 'retries');
    const text = `attempt ${attempt} failed; the next one in ${Math.round(delayMs)} ms`;
    this.#event(observed, 'retried', alias, text);
  }

  waiting(observed: ObservedRun, checkpointId: string): void {
    this.#find(observed)?.waitsFor(1);
    this.#event(observed, 'waiting', undefined, checkpointId);
  }

  resumed(observed: ObservedRun, checkpointId: string): void {
    this.#find(observed)?.waitsFor(-1);
    this.#event(observed, 'resumed', undefined, checkpointId);
  }

  waitTimedOut(observed: ObservedRun, checkpointId: string): void {
    this.#find(observed)?.waitsFor(-1);
    this.#event(observed, 'wait timed out', undefined, checkpointId);
  }

  checkpoint(observed: ObservedRun, checkpointId: string, alias: string): void {
    this.#event(observed, 'checkpoint', alias, checkpointId);
  }

  compensated(observed: ObservedRun, { alias }: NodePlan, ok: boolean): void {
    this.#event(observed, 'compensated', alias, ok ? 'undone' : 'could not be undone');
  }

  cacheHit(observed: ObservedRun, alias: string): void {
    this.#find(observed)?.counted(alias, 'cached');
    this.#event(observed, 'cache hit', alias, undefined);
  }

  #event(
    observed: ObservedRun,
    kind: string,
    node: string | undefined,
    text: string | undefined,
  ): void {
    this.#find(observed)?.event(this.#tick(), kind, node, text);
  }

  /** The record of a run that the executor speaks of: mostly the one that it spoke of before. */
  #find(observed: ObservedRun): RecordedRun | undefined {
    if (observed === this.#lastObserved) return this.#last;
    this.#place();
    const run = this.#order.get(observed.id);
    this.#lastObserved = observed;
    this.#last = run;
    return run;
  }

  #begin(observed: ObservedRun): RecordedRun {
    this.#place();
    this.#numbers += 1;
    const tally = this.#tallyOf(observed.flow);
    const run = new RecordedRun(
      observed,
      this.#numbers,
      { at: this.#now(), tick: this.#tick() },
      this.#limits,
      tally.room,
    );
    const facts = this.#takeAnnounced(observed.id);
    if (facts !== undefined) run.describe(facts);
    this.#pending = run;
    this.#lastObserved = observed;
    this.#last = run;
    if (!this.#isFull || !tally.isPrompt || observed.parentId !== undefined) {
      this.#place();
      if (observed.parentId !== undefined) {
        this.#order.get(observed.parentId)?.addChild(observed.id);
      }
    }
    return run;
  }

  /** Gives the pending run its place. */
  #place(): void {
    this.#unrecorded.recall();
    const run = this.#pending;
    if (run === undefined) return;
    this.#pending = undefined;
    run.settle();
    run.count();
    const last = this.#order.add(run);
    this.#tallyOf(run.flow).counts[run.status] += 1;
    if (last !== undefined) this.#forget(last);
    this.#makeRoom();
  }

  #takeAnnounced(id: string): RunFacts | undefined {
    if (this.#nextId === id) {
      const facts = this.#nextFacts;
      this.#nextId = undefined;
      this.#nextFacts = undefined;
      return facts;
    }
    const facts = this.#announced.get(id);
    if (facts !== undefined) this.#announced.delete(id);
    return facts;
  }

  /** What was announced last is for a run that is known already, or has yet to start. */
  #keepAnnounced(): void {
    this.#place();
    const id = this.#nextId!;
    const facts = this.#nextFacts!;
    this.#nextId = undefined;
    this.#nextFacts = undefined;
    const run = this.#order.get(id);
    if (run === undefined) this.#announced.set(id, facts);
    else {
      run.describe(facts);
      run.settle();
    }
    // An announced run that never starts must not stay.
    if (this.#announced.size > this.#maxRuns) {
      for (const oldest of this.#announced.keys()) {
        this.#announced.delete(oldest);
        break;
      }
    }
  }

  /** Before anybody reads. */
  #catchUp(): void {
    this.#place();
    if (this.#nextId !== undefined) this.#keepAnnounced();
  }

  /** Whether a run that has ended is one of too many that are alike. */
  #isSurplus(run: RecordedRun, tally: FlowTally): boolean {
    if (!this.#isFull || this.#minHistoryMs === 0 || !run.isPlain) return false;
    if (tally.isSlow(run.durationMs!) || tally.admits(this.#now(), this.#share())) return false;
    if (!run.hasGivenId) return true;
    // An earlier run of this id must not be taken for it.
    const known = this.#order.get(run.id);
    return known === undefined || known === run;
  }

  /** Most runs a second of each flow that are kept of those that completed like all others. */
  #share(): number {
    const all = (this.#maxRuns * 1000) / this.#minHistoryMs;
    return Math.max(LEAST_PER_SECOND, all / this.#tallies.size);
  }

  #leaveOut(run: RecordedRun, tally: FlowTally): void {
    tally.notKept += 1;
    if (run === this.#pending) this.#pending = undefined;
    else this.#order.remove(run);
    run.evict();
  }

  #forget(run: RecordedRun): void {
    if (run === this.#last) this.#last = undefined;
    this.#tallyOf(run.flow).counts[run.status] -= 1;
    run.evict();
  }

  #tallyOf(flow: string): FlowTally {
    let tally = this.#tallies.get(flow);
    if (tally === undefined) this.#tallies.set(flow, (tally = new FlowTally()));
    return tally;
  }

  #makeRoom(): void {
    while (this.#order.size > this.#maxRuns || this.bytes > this.#maxBytes) {
      const run = this.#order.takeOldest();
      if (run === undefined) return;
      this.#isFull = true;
      if (!run.isEnded) this.#forgotten.add(run.id);
      this.#forget(run);
    }
  }
}

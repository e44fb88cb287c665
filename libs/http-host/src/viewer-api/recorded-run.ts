// What is remembered of one execution: what lists of runs show, and a log of its events. The log becomes
// nodes, edges and a timeline when somebody looks at the run, or when it is longer than those would be.
import type { Diagnostic } from '@basalt/diagnostics';
import type { NodeOutcome, ObservedInvocation, ObservedRun, RunOutcome } from '@basalt/executor';
import type { Value } from '@basalt/ir';
import type { HeadAndTail } from './head-and-tail.js';
import type { EdgeRecord, NodeRecord } from './node-record.js';
import type { RecordTable } from './record-table.js';
import { RunDetail, type DetailLimits, type TimelineEvent } from './run-detail.js';
import type { NodeCount, RunEvents } from './run-events.js';
import { boundedLabels, labelBytes, type RunFacts } from './run-facts.js';
import { RunLog } from './run-log.js';
import { CutValue, estimateBytes, type ValueSample } from './value-sample.js';
import type { Unrecorded } from './unrecorded-run.js';
import type { ValueSampler } from './value-sampler.js';

export type RecordedStatus = 'running' | RunOutcome;

/** What one run may keep, and where its bytes are counted. */
export interface RecordLimits extends DetailLimits {
  /** Largest payload that is kept whole, to run it again. */
  readonly payloadBytes: number;
  readonly account: { bytes: number };
  readonly sampler: ValueSampler;
}

/** When a run began, on both clocks. */
export interface StartTime {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** A reading of the clock that durations are measured with, in milliseconds. */
  readonly tick: number;
}

/** Most runs of subflows that are listed with their parent. */
const MAX_CHILDREN = 200;
/** Most events of a log. */
const MAX_LOGGED = 64;
/** About the bytes of memory of a record without its events, and of one event in its log. */
const RUN_BYTES = 500;
const LOGGED_BYTES = 40;

/** Where a run comes from that somebody started in the viewer: that one is kept. */
const VIEWER = 'viewer';

/** Said in the timeline of a run that was not recorded from its start. */
const RECALLED = 'from here on; what was before is counted only, for so many runs were like it';

const NONE: readonly string[] = Object.freeze([]);
const NO_LABELS: Readonly<Record<string, string>> = Object.freeze({});

export class RecordedRun {
  readonly id: string;
  readonly flow: string;
  readonly parentId: string | undefined;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  status: RecordedStatus = 'running';
  durationMs: number | undefined = undefined;
  input: ValueSample | undefined = undefined;
  /** Undefined where it is too large to be kept. */
  payload: Value | undefined = undefined;
  output: ValueSample | undefined = undefined;
  /** The node whose output answers. */
  capturedAt: string | undefined = undefined;
  /** Outputs that it gave. */
  captures = 0;
  cause: Diagnostic | undefined = undefined;
  /** Messages that wait for an event. */
  waiting = 0;
  children: readonly string[] = NONE;
  /** True once the store has forgotten it. */
  evicted = false;
  /** About the bytes of memory that it takes. */
  bytes = 0;
  /** Where the store has it. */
  place = -1;
  /** False where no other run has had its id. */
  hasGivenId = true;
  readonly #startMs: number;
  readonly #limits: RecordLimits;
  #facts: RunFacts | undefined = undefined;
  #trigger: string | undefined = undefined;
  #labels = NO_LABELS;
  /** Until there is a detail. */
  #log: RunLog | undefined;
  #detail: RunDetail | undefined = undefined;
  /** Of its bytes, those of the log. */
  #logBytes = 0;
  /** Whether its bytes are on the account of the store. */
  #isCounted = false;
  /** Something else happened than that nodes took and gave values. */
  #isSpecial = false;

  /** @param number counts the runs of the store: newer runs have higher ones
   * @param room places of the log that are made at once */
  constructor(
    observed: ObservedRun,
    readonly number: number,
    start: StartTime,
    limits: RecordLimits,
    room: number,
  ) {
    this.id = observed.id;
    this.flow = observed.flow;
    this.parentId = observed.parentId;
    this.startedAt = start.at;
    this.#startMs = start.tick;
    this.#limits = limits;
    this.#log = new RunLog(room);
    this.bytes = RUN_BYTES;
  }

  /** From now on its bytes are on the account of the store. */
  count(): void {
    this.#isCounted = true;
    this.#limits.account.bytes += this.bytes;
  }

  get trigger(): string | undefined {
    this.settle();
    return this.#trigger;
  }

  get labels(): Readonly<Record<string, string>> {
    this.settle();
    return this.#labels;
  }

  get nodes(): RecordTable<NodeRecord> {
    return this.#expanded().nodes;
  }

  get edges(): RecordTable<EdgeRecord> {
    return this.#expanded().edges;
  }

  get timeline(): HeadAndTail<TimelineEvent> {
    return this.#expanded().timeline;
  }

  /** Counts the changes. */
  get version(): number {
    return this.#expanded().version;
  }

  get isEnded(): boolean {
    return this.status !== 'running';
  }

  /** True where it has completed like any other, nothing special happened and nobody looked at it. */
  get isPlain(): boolean {
    if (this.status !== 'completed' || this.#log === undefined || this.#isSpecial) return false;
    return this.parentId === undefined && this.children === NONE;
  }

  /** Places of the log that are in use. */
  get logged(): number {
    return this.#log?.used ?? 0;
  }

  /** Calls back at each change, until the returned function is called. */
  watch(onChange: () => void): () => void {
    return this.#expanded().watch(onChange);
  }

  begin(payload: Value): void {
    const { payloadBytes, sampler } = this.#limits;
    this.input = this.#sample(payload);
    if (this.input instanceof CutValue) {
      const bytes = estimateBytes(payload, payloadBytes);
      if (bytes !== undefined) {
        this.payload = payload;
        this.#grow(bytes);
      }
    } else if (sampler.bytes <= payloadBytes) {
      this.payload = payload;
    }
    this.event(this.#startMs, 'started', undefined, undefined);
  }

  /** It was not recorded so far; what the executor knows of it is all there is.
   * @param now a reading of the clock that durations are measured with, in milliseconds */
  recall(now: number, { observed, payload, capturedAt, captures }: Unrecorded): void {
    if (payload !== undefined) this.begin(payload);
    this.capturedAt = capturedAt;
    this.captures = captures;
    const events = this.#into();
    observed.eachEnded((alias, attempts, ms) => events.passed(alias, attempts, ms));
    this.event(now, 'recorded', undefined, RECALLED);
  }

  /** It is kept, however many are like it. */
  keep(): void {
    this.#isSpecial = true;
  }

  /** The facts are read when they are needed; see settle. */
  describe(facts: RunFacts): void {
    this.#facts = facts;
    if (facts.hasGivenId === false) this.hasGivenId = false;
    if (facts.source === VIEWER) this.#isSpecial = true;
    this.#into().changed();
  }

  /** Keeps what the facts say, and not the facts, which hold on to the invocation. */
  settle(): void {
    const facts = this.#facts;
    if (facts === undefined) return;
    this.#facts = undefined;
    this.#trigger = facts.trigger;
    this.#labels = boundedLabels(facts.labels ?? NO_LABELS);
    this.#grow(labelBytes(this.#labels));
  }

  /** Takes no more memory than is needed. */
  trim(): void {
    this.settle();
    this.#log?.trim();
  }

  addChild(id: string): void {
    if (this.children.length < MAX_CHILDREN) this.children = [...this.children, id];
    this.#into().changed();
  }

  end(
    now: number,
    status: RunOutcome,
    output: Value | undefined,
    cause: Diagnostic | undefined,
  ): void {
    this.status = status;
    this.durationMs = Math.max(0, now - this.#startMs);
    this.cause = cause;
    this.waiting = 0;
    if (output !== undefined) this.output = this.#sample(output);
    this.#into().ended(this.durationMs, status, cause?.code);
  }

  nodeStarted(now: number, { alias, seq, attempt, input }: ObservedInvocation): void {
    const events = this.#into();
    events.nodeStarted(now - this.#startMs, alias, seq, attempt, this.#logSample(input));
  }

  nodeEnded(
    now: number,
    { seq, alias }: ObservedInvocation,
    outcome: NodeOutcome,
    output: Value | undefined,
  ): void {
    if (outcome !== 'ok') this.#isSpecial = true;
    const events = this.#into();
    const sample = output === undefined ? undefined : this.#logSample(output);
    events.nodeEnded(now - this.#startMs, alias, seq, outcome, sample);
  }

  /** Both in one, where the start was not seen. */
  attempted(
    now: number,
    invocation: ObservedInvocation,
    outcome: NodeOutcome,
    output: Value | undefined,
  ): void {
    this.nodeStarted(now - invocation.ms, invocation);
    this.nodeEnded(now, invocation, outcome, output);
  }

  emitted({ alias, seq }: ObservedInvocation, value: Value): void {
    const events = this.#into();
    events.emitted(alias, seq, this.#logSample(value));
  }

  /** Counts something on a node. */
  counted(alias: string, what: NodeCount): void {
    this.#isSpecial = true;
    this.#into().counted(alias, what);
  }

  failure(alias: string, kind: string): void {
    this.#isSpecial = true;
    this.#into().failed(alias, kind);
  }

  /** More messages wait for an event, or fewer. */
  waitsFor(change: 1 | -1): void {
    this.#isSpecial = true;
    this.waiting = Math.max(0, this.waiting + change);
  }

  captured(alias: string): void {
    this.capturedAt = alias;
    this.captures += 1;
  }

  depth(label: string, depth: number): void {
    this.#into().depth(label, depth);
  }

  spilled(label: string): void {
    this.#isSpecial = true;
    this.#into().spilled(label);
  }

  /** Adds to the timeline. */
  event(now: number, kind: string, node: string | undefined, text: string | undefined): void {
    this.#into().event(Math.max(0, now - this.#startMs), kind, node, text);
  }

  /** Tells the watchers that nothing will follow. */
  evict(): void {
    this.evicted = true;
    if (this.#isCounted) this.#limits.account.bytes -= this.bytes;
    this.#isCounted = false;
    this.#detail?.tellWatchers();
  }

  /** Where the next event goes. */
  #into(): RunEvents {
    const log = this.#log;
    if (log === undefined || log.events >= MAX_LOGGED) return this.#expanded();
    this.#growLog(LOGGED_BYTES);
    return log;
  }

  #expanded(): RunDetail {
    if (this.#detail !== undefined) return this.#detail;
    const log = this.#log!;
    const detail = new RunDetail(this.#limits, (bytes) => this.#grow(bytes));
    this.#log = undefined;
    this.#detail = detail;
    this.#grow(-this.#logBytes);
    log.replay(detail);
    return detail;
  }

  #sample(value: Value): ValueSample {
    const { sampler } = this.#limits;
    const sample = sampler.sample(value);
    this.#grow(sampler.added);
    return sample;
  }

  /** A detail counts its samples itself. */
  #logSample(value: Value): ValueSample {
    const { sampler } = this.#limits;
    const sample = sampler.sample(value);
    if (this.#log !== undefined) this.#growLog(sampler.added);
    return sample;
  }

  #grow(bytes: number): void {
    this.bytes += bytes;
    if (this.#isCounted) this.#limits.account.bytes += bytes;
  }

  #growLog(bytes: number): void {
    this.#logBytes += bytes;
    this.#grow(bytes);
  }
}

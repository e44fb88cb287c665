// What is remembered of one execution. Each change gets the next version, so that a client can be told
// just what is new to it. What a run keeps is bounded, whatever happens in it.
import type { Diagnostic } from '@basalt/diagnostics';
import type { NodeOutcome, ObservedInvocation, ObservedRun, RunOutcome } from '@basalt/executor';
import type { Value } from '@basalt/ir';
import { HeadAndTail } from './head-and-tail.js';
import {
  EDGE_BYTES,
  endAttempt,
  invocationBytes,
  newEdge,
  newNode,
  NO_ATTEMPTS,
  NODE_BYTES,
  takeOpen,
  type EdgeRecord,
  type InvocationRecord,
  type NodeRecord,
} from './node-record.js';
import { RecordTable } from './record-table.js';
import {
  CutValue,
  estimateBytes,
  sampleBytes,
  sampleValue,
  type ValueSample,
} from './value-sample.js';

export type RecordedStatus = 'running' | RunOutcome;

/** What one run may keep, and where its bytes are counted. */
export interface RecordLimits {
  /** Most bytes of one input or output. */
  readonly valueBytes: number;
  /** Largest payload that is kept whole, to run it again. */
  readonly payloadBytes: number;
  /** Attempts of each node: as many first and as many last ones. */
  readonly invocations: number;
  /** Events: as many first and as many last ones. */
  readonly events: number;
  readonly account: { bytes: number };
}

/** When a run began, on both clocks. */
export interface StartTime {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** A reading of the clock that durations are measured with, in milliseconds. */
  readonly tick: number;
}

export interface TimelineEvent {
  /** Counts the events of the run from 1. */
  readonly index: number;
  /** Milliseconds since the start of the run. */
  readonly atMs: number;
  readonly kind: string;
  readonly node: string | undefined;
  readonly text: string | undefined;
  /** Version of the run at this event. */
  readonly version: number;
}

/** What the host knows about a run, and the observer cannot see. */
export interface RunFacts {
  readonly trigger?: string | undefined;
  readonly labels?: Readonly<Record<string, string>>;
}

/** Most runs of subflows that are listed with their parent. */
const MAX_CHILDREN = 200;
/** Most values that are kept of those that an attempt sent before its end. */
const MAX_EMISSIONS = 3;
const MAX_LABELS = 32;
const MAX_LABEL_LENGTH = 256;
/** About the bytes of memory of a record with nothing in it. */
const RUN_BYTES = 1200;
const EVENT_BYTES = 140;

const aliasOf = ({ alias }: NodeRecord) => alias;
const labelOf = ({ label }: EdgeRecord) => label;
const NONE: readonly string[] = Object.freeze([]);
const NO_SAMPLES: readonly ValueSample[] = Object.freeze([]);

export class RecordedRun {
  readonly id: string;
  readonly flow: string;
  readonly parentId: string | undefined;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  status: RecordedStatus = 'running';
  durationMs: number | undefined = undefined;
  trigger: string | undefined = undefined;
  labels: Readonly<Record<string, string>> = {};
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
  readonly nodes = new RecordTable<NodeRecord>(aliasOf);
  readonly edges = new RecordTable<EdgeRecord>(labelOf);
  readonly timeline: HeadAndTail<TimelineEvent>;
  version = 0;
  /** True once the store has forgotten it. */
  evicted = false;
  bytes = 0;
  readonly #startMs: number;
  readonly #limits: RecordLimits;
  #watchers: Set<() => void> | undefined = undefined;

  /** @param number counts the runs of the store: newer runs have higher ones */
  constructor(
    observed: ObservedRun,
    readonly number: number,
    start: StartTime,
    limits: RecordLimits,
  ) {
    this.id = observed.id;
    this.flow = observed.flow;
    this.parentId = observed.parentId;
    this.startedAt = start.at;
    this.#startMs = start.tick;
    this.#limits = limits;
    this.timeline = new HeadAndTail(limits.events, limits.events);
    this.#grow(RUN_BYTES);
  }

  /** Calls back at each change, until the returned function is called. */
  watch(onChange: () => void): () => void {
    const watchers = (this.#watchers ??= new Set());
    watchers.add(onChange);
    return () => watchers.delete(onChange);
  }

  get isEnded(): boolean {
    return this.status !== 'running';
  }

  begin(payload: Value): void {
    const { payloadBytes } = this.#limits;
    this.input = this.#sample(payload);
    const bytes = estimateBytes(payload, payloadBytes);
    if (bytes !== undefined) {
      this.payload = payload;
      if (this.input instanceof CutValue) this.#grow(bytes);
    }
    this.event(this.#startMs, 'started', undefined, undefined);
  }

  describe({ trigger, labels = {} }: RunFacts): void {
    this.trigger = trigger;
    this.labels = boundedLabels(labels);
    for (const key in this.labels) this.#grow(key.length + this.labels[key]!.length + 16);
    this.#changed();
  }

  addChild(id: string): void {
    if (this.children.length < MAX_CHILDREN) this.children = [...this.children, id];
    this.#changed();
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
    for (const node of this.nodes.values()) if (node.active > 0) this.#cancelAttempts(node);
    for (const edge of this.edges.values()) {
      if (edge.depth === 0) continue;
      edge.depth = 0;
      this.#changed(edge);
    }
    this.event(now, status, undefined, cause?.code);
  }

  nodeStarted(now: number, { alias, seq, attempt, input }: ObservedInvocation): void {
    const { valueBytes } = this.#limits;
    const node = this.#node(alias);
    node.state = 'running';
    node.active += 1;
    node.started += 1;
    const record: InvocationRecord = {
      alias,
      seq,
      attempt,
      startMs: now - this.#startMs,
      endMs: undefined,
      outcome: undefined,
      input: sampleValue(input, valueBytes),
      output: undefined,
      emitted: 0,
      emissions: NO_SAMPLES,
    };
    // A new list takes no room for more: mostly there is one at a time.
    if (node.open.length === 0) node.open = [record];
    else (node.open as InvocationRecord[]).push(record);
    this.#grow(invocationBytes(record, valueBytes));
    const displaced = node.invocations.add(record);
    if (displaced !== undefined) this.#grow(-invocationBytes(displaced, valueBytes));
    this.#changed(node);
  }

  nodeEnded(
    now: number,
    { seq, alias }: ObservedInvocation,
    outcome: NodeOutcome,
    output: Value | undefined,
  ): void {
    const node = this.#node(alias);
    const record = takeOpen(node, seq);
    if (record === undefined) return;
    record.endMs = now - this.#startMs;
    record.outcome = outcome;
    if (output !== undefined) record.output = this.#sampleFor(node, record, output);
    const ms = record.endMs - record.startMs;
    node.sumMs += ms;
    node.maxMs = Math.max(node.maxMs, ms);
    endAttempt(node, outcome);
    if (outcome !== 'ok') this.event(now, outcome, alias, node.lastFailure);
    this.#changed(node);
  }

  emitted({ alias, seq }: ObservedInvocation, value: Value): void {
    const node = this.#node(alias);
    node.emitted += 1;
    const record = node.open.find((one) => one.seq === seq);
    if (record !== undefined) {
      record.emitted += 1;
      if (record.emissions.length < MAX_EMISSIONS) {
        record.emissions = [...record.emissions, this.#sampleFor(node, record, value)];
      }
    }
    this.#changed(node);
  }

  /** Counts something on a node. */
  count(alias: string, what: 'retries' | 'cached' | 'dropped'): void {
    const node = this.#node(alias);
    node[what] += 1;
    if (what === 'cached' && node.active === 0) node.state = 'ok';
    this.#changed(node);
  }

  failure(alias: string, kind: string): void {
    const node = this.#node(alias);
    node.lastFailure = kind;
    // A message that did not reach its node has failed it, too.
    if (node.started === 0) node.state = 'failed';
    this.#changed(node);
  }

  /** More messages wait for an event, or fewer. */
  waitsFor(change: 1 | -1): void {
    this.waiting = Math.max(0, this.waiting + change);
  }

  captured(alias: string): void {
    this.capturedAt = alias;
    this.captures += 1;
  }

  depth(label: string, depth: number): void {
    const edge = this.#edge(label);
    if (depth > edge.depth) edge.passed += depth - edge.depth;
    edge.depth = depth;
    edge.maxDepth = Math.max(edge.maxDepth, depth);
    this.#changed(edge);
  }

  spilled(label: string): void {
    const edge = this.#edge(label);
    edge.spilled += 1;
    this.#changed(edge);
  }

  /** Adds to the timeline. */
  event(now: number, kind: string, node: string | undefined, text: string | undefined): void {
    const index = this.timeline.count + 1;
    const atMs = Math.max(0, now - this.#startMs);
    this.#changed();
    const added = { index, atMs, kind, node, text, version: this.version };
    if (this.timeline.add(added) === undefined) this.#grow(EVENT_BYTES);
  }

  /** Tells the watchers that nothing will follow. */
  evict(): void {
    this.evicted = true;
    for (const onChange of this.#watchers ?? []) onChange();
  }

  #cancelAttempts(node: NodeRecord): void {
    for (const record of node.open) {
      record.endMs = this.durationMs;
      record.outcome = 'cancelled';
      endAttempt(node, 'cancelled');
    }
    node.open = NO_ATTEMPTS;
    this.#changed(node);
  }

  #node(alias: string): NodeRecord {
    let node = this.nodes.get(alias);
    if (node === undefined) {
      this.nodes.add((node = newNode(alias, this.#limits.invocations)));
      this.#grow(NODE_BYTES);
    }
    return node;
  }

  #edge(label: string): EdgeRecord {
    let edge = this.edges.get(label);
    if (edge === undefined) {
      this.edges.add((edge = newEdge(label)));
      this.#grow(EDGE_BYTES);
    }
    return edge;
  }

  #sample(value: Value): ValueSample {
    const sample = sampleValue(value, this.#limits.valueBytes);
    this.#grow(sampleBytes(sample, this.#limits.valueBytes));
    return sample;
  }

  /** An attempt that was displaced while it ran is counted no more. */
  #sampleFor(node: NodeRecord, record: InvocationRecord, value: Value): ValueSample {
    const sample = sampleValue(value, this.#limits.valueBytes);
    if (node.invocations.has(record)) {
      this.#grow(sampleBytes(sample, this.#limits.valueBytes));
    }
    return sample;
  }

  #grow(bytes: number): void {
    this.bytes += bytes;
    this.#limits.account.bytes += bytes;
  }

  #changed(part?: NodeRecord | EdgeRecord): void {
    this.version += 1;
    if (part !== undefined) part.version = this.version;
    if (this.#watchers !== undefined) for (const onChange of this.#watchers) onChange();
  }
}

/** The labels, where there are few and short ones; else as many as may be kept. */
function boundedLabels(labels: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  let count = 0;
  let isSmall = true;
  for (const key in labels) {
    count += 1;
    if (key.length > MAX_LABEL_LENGTH || labels[key]!.length > MAX_LABEL_LENGTH) isSmall = false;
  }
  if (isSmall && count <= MAX_LABELS) return labels;
  const kept = Object.entries(labels).slice(0, MAX_LABELS);
  const cut = (text: string) =>
    text.length > MAX_LABEL_LENGTH ? `${text.slice(0, MAX_LABEL_LENGTH)}...` : text;
  return Object.fromEntries(kept.map(([key, text]) => [cut(key), cut(text)]));
}

// Nodes, edges and timeline of one execution. Each change gets the next version, so that a client can be
// told just what is new to it. What it keeps is bounded, whatever happens.
import type { NodeOutcome, RunOutcome } from '@basalt/executor';
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
import type { NodeCount, RunEvents } from './run-events.js';
import { sampleBytes, type ValueSample } from './value-sample.js';

/** What one run may keep. */
export interface DetailLimits {
  /** Most bytes of one input or output. */
  readonly valueBytes: number;
  /** Attempts of each node: as many first and as many last ones. */
  readonly invocations: number;
  /** Events: as many first and as many last ones. */
  readonly events: number;
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

/** Most values that are kept of those that an attempt sent before its end. */
const MAX_EMISSIONS = 3;
const EVENT_BYTES = 140;

const aliasOf = ({ alias }: NodeRecord) => alias;
const labelOf = ({ label }: EdgeRecord) => label;
const NO_SAMPLES: readonly ValueSample[] = Object.freeze([]);

export class RunDetail implements RunEvents {
  readonly nodes = new RecordTable<NodeRecord>(aliasOf);
  readonly edges = new RecordTable<EdgeRecord>(labelOf);
  readonly timeline: HeadAndTail<TimelineEvent>;
  version = 0;
  readonly #limits: DetailLimits;
  readonly #grow: (bytes: number) => void;
  readonly #watchers = new Set<() => void>();

  /** @param grow told how many bytes more it takes, or fewer */
  constructor(limits: DetailLimits, grow: (bytes: number) => void) {
    this.#limits = limits;
    this.#grow = grow;
    this.timeline = new HeadAndTail(limits.events, limits.events);
  }

  /** Calls back at each change, until the returned function is called. */
  watch(onChange: () => void): () => void {
    this.#watchers.add(onChange);
    return () => this.#watchers.delete(onChange);
  }

  tellWatchers(): void {
    for (const onChange of this.#watchers) onChange();
  }

  changed(part?: NodeRecord | EdgeRecord): void {
    this.version += 1;
    if (part !== undefined) part.version = this.version;
    this.tellWatchers();
  }

  nodeStarted(atMs: number, alias: string, seq: number, attempt: number, input: ValueSample): void {
    const { valueBytes } = this.#limits;
    const node = this.#node(alias);
    node.state = 'running';
    node.active += 1;
    node.started += 1;
    const record: InvocationRecord = {
      alias,
      seq,
      attempt,
      startMs: atMs,
      endMs: undefined,
      outcome: undefined,
      input,
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
    this.changed(node);
  }

  nodeEnded(
    atMs: number,
    alias: string,
    seq: number,
    outcome: NodeOutcome,
    output: ValueSample | undefined,
  ): void {
    const node = this.#node(alias);
    const record = takeOpen(node, seq);
    if (record === undefined) return;
    record.endMs = atMs;
    record.outcome = outcome;
    if (output !== undefined) {
      record.output = output;
      this.#count(node, record, output);
    }
    const ms = record.endMs - record.startMs;
    node.sumMs += ms;
    node.maxMs = Math.max(node.maxMs, ms);
    endAttempt(node, outcome);
    if (outcome !== 'ok') this.event(atMs, outcome, alias, node.lastFailure);
    this.changed(node);
  }

  passed(alias: string, attempts: number, ms: number): void {
    const node = this.#node(alias);
    node.state = 'ok';
    node.started += attempts;
    node.ok += attempts;
    node.sumMs += ms;
    // Of several, the longest is not known.
    node.maxMs = attempts === 1 ? Math.max(node.maxMs, ms) : NaN;
    node.invocations.skip(attempts);
    this.changed(node);
  }

  emitted(alias: string, seq: number, value: ValueSample): void {
    const node = this.#node(alias);
    node.emitted += 1;
    const record = node.open.find((one) => one.seq === seq);
    if (record !== undefined) {
      record.emitted += 1;
      if (record.emissions.length < MAX_EMISSIONS) {
        record.emissions = [...record.emissions, value];
        this.#count(node, record, value);
      }
    }
    this.changed(node);
  }

  counted(alias: string, what: NodeCount): void {
    const node = this.#node(alias);
    node[what] += 1;
    if (what === 'cached' && node.active === 0) node.state = 'ok';
    this.changed(node);
  }

  failed(alias: string, kind: string): void {
    const node = this.#node(alias);
    node.lastFailure = kind;
    // A message that did not reach its node has failed it, too.
    if (node.started === 0) node.state = 'failed';
    this.changed(node);
  }

  depth(label: string, depth: number): void {
    const edge = this.#edge(label);
    if (depth > edge.depth) edge.passed += depth - edge.depth;
    edge.depth = depth;
    edge.maxDepth = Math.max(edge.maxDepth, depth);
    this.changed(edge);
  }

  spilled(label: string): void {
    const edge = this.#edge(label);
    edge.spilled += 1;
    this.changed(edge);
  }

  event(atMs: number, kind: string, node: string | undefined, text: string | undefined): void {
    const index = this.timeline.count + 1;
    this.changed();
    const added = { index, atMs: Math.max(0, atMs), kind, node, text, version: this.version };
    if (this.timeline.add(added) === undefined) this.#grow(EVENT_BYTES);
  }

  ended(atMs: number, status: RunOutcome, text: string | undefined): void {
    for (const node of this.nodes.values()) if (node.active > 0) this.#cancelAttempts(node, atMs);
    for (const edge of this.edges.values()) {
      if (edge.depth === 0) continue;
      edge.depth = 0;
      this.changed(edge);
    }
    this.event(atMs, status, undefined, text);
  }

  #cancelAttempts(node: NodeRecord, atMs: number): void {
    for (const record of node.open) {
      record.endMs = atMs;
      record.outcome = 'cancelled';
      endAttempt(node, 'cancelled');
    }
    node.open = NO_ATTEMPTS;
    this.changed(node);
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

  /** An attempt that was displaced while it ran is counted no more. */
  #count(node: NodeRecord, record: InvocationRecord, sample: ValueSample): void {
    if (!node.invocations.has(record)) return;
    this.#grow(sampleBytes(sample, this.#limits.valueBytes));
  }
}
